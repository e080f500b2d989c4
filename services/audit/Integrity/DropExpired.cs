using System.Globalization;
using System.Text.Json;
using Dapper;
using Mainstay.Audit.Recording;
using Mainstay.Audit.Sinks.Delivering;
using Mainstay.BusContracts;
using Npgsql;

namespace Mainstay.Audit.Integrity;

/// <summary>
/// Drops what is older than the retention policy keeps, up to a checkpoint's end, once the sinks have it or have been waited for long enough; that it did
/// is an event of the trail, and signed.
/// </summary>
internal sealed partial class DropExpired(
    NpgsqlDataSource database,
    MakeCheckpoint makeCheckpoint,
    AppendEvents appendEvents,
    SinkRetention sinkRetention,
    IntegrityOptions options,
    TimeProvider clock,
    ILogger<DropExpired> logger)
{
    private const string SelectEnds = """
        select coalesce(max(last_sequence), 0) as expired,
            coalesce(max(last_sequence) filter (where last_sequence <= @Delivered or create_time < @LastCall), 0) as due
        from checkpoint
        where create_time < @Expiry and last_sequence >= coalesce((select min(sequence) from audit_event), 0)
        """;

    private const string SelectPartitions = """
        select inhrelid::regclass::text
        from pg_inherits
        where inhparent = 'audit_event'::regclass
        order by 1
        """;

    private const string DeleteRest = "delete from audit_event where sequence <= @End";

    /// <summary>Drops what is due; does nothing without a policy.</summary>
    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        if (options.Retention is not { } retention)
        {
            return;
        }

        var expiry = clock.GetUtcNow() - retention;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var slowest = await sinkRetention.SlowestAsync(connection, cancellationToken);
        var (expired, due) = await connection.QuerySingleAsync<(long Expired, long Due)>(new CommandDefinition(
            SelectEnds,
            new { expiry, LastCall = expiry - options.RetentionWait, Delivered = slowest?.Sequence ?? long.MaxValue },
            cancellationToken: cancellationToken));
        if (due < expired)
        {
            Log.Waits(logger, slowest!.SinkName, slowest.Sequence, expired);
        }

        if (due > 0)
        {
            await AnnounceAsync(due, expiry, cancellationToken);
            await DropAsync(connection, due, cancellationToken);
            Log.Dropped(logger, due, expiry);
        }
    }

    private async Task AnnounceAsync(long end, DateTimeOffset expiry, CancellationToken cancellationToken)
    {
        var announced = new AuditEvent
        {
            EventId = AuditEvent.NewId(clock),
            Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds()),
            Action = "audit_retention",
            Result = "success",
            Service = "audit",
            Attributes = new Dictionary<string, string>
            {
                ["dropped_through"] = end.ToString(CultureInfo.InvariantCulture),
                ["older_than"] = expiry.ToString("O", CultureInfo.InvariantCulture),
            },
        };
        if (IncomingEvent.TryRead(JsonSerializer.SerializeToUtf8Bytes(announced), out var incoming, out _))
        {
            await appendEvents.ExecuteAsync([incoming!], [], cancellationToken);
        }
    }

    // The statement that entries were dropped commits with the dropping, and so does what the trail says of sinks that were behind.
    private async Task DropAsync(NpgsqlConnection connection, long end, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await makeCheckpoint.ExecuteAsync(connection, transaction, now: true, droppedThrough: end, cancellationToken);
        await sinkRetention.SkipAsync(connection, transaction, end, cancellationToken);
        foreach (var partition in (await connection.QueryAsync<string>(new CommandDefinition(SelectPartitions, transaction: transaction, cancellationToken: cancellationToken))).AsList())
        {
            // The names come from the catalogue.
            var (least, most) = await connection.QuerySingleAsync<(long? Least, long? Most)>(new CommandDefinition(
                $"select min(sequence), max(sequence) from {partition}", transaction: transaction, cancellationToken: cancellationToken));
            if (least is not null && most <= end)
            {
                await connection.ExecuteAsync(new CommandDefinition($"drop table {partition}", transaction: transaction, cancellationToken: cancellationToken));
            }
        }

        await connection.ExecuteAsync(new CommandDefinition(DeleteRest, new { End = end }, transaction, commandTimeout: 0, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Dropped the entries through {End}, which are older than {Expiry}")]
        public static partial void Dropped(ILogger logger, long end, DateTimeOffset expiry);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Retention waits for the sink {Sink}, which has come as far as {Sequence}; the entries through {Expired} could go")]
        public static partial void Waits(ILogger logger, string sink, long sequence, long expired);
    }
}
