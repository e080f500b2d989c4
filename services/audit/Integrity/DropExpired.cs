using Dapper;
using Mainstay.Audit.Sinks.Delivering;
using Npgsql;

namespace Mainstay.Audit.Integrity;

/// <summary>
/// Drops what is older than the retention policy keeps, up to a checkpoint's end, once the sinks have it or have been waited for long enough; that it did
/// is an event of the trail, and signed.
/// </summary>
internal sealed partial class DropExpired(
    NpgsqlDataSource database,
    MakeCheckpoint makeCheckpoint,
    AnnounceDrop announceDrop,
    SinkRetention sinkRetention,
    IntegrityOptions options,
    TimeProvider clock,
    ILogger<DropExpired> logger)
{
    // Whoever waits for a table lets nobody else have it, who appends least of all. A little more than the second after which PostgreSQL's own vacuuming gives way.
    private const string LimitWaits = "set local lock_timeout = '1500ms'";

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

    /// <summary>Drops what is due; does nothing without a policy. False when others are at the trail, so that it has to be tried again.</summary>
    public async Task<bool> ExecuteAsync(CancellationToken cancellationToken)
    {
        if (options.Retention is not { } retention)
        {
            return true;
        }

        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        announceDrop.Prepare(connection);
        try
        {
            // Whatever fails, nothing is dropped, nothing announced and nothing signed.
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(LimitWaits, transaction: transaction, cancellationToken: cancellationToken));
            await MakeCheckpoint.TakeTurnAsync(connection, transaction, cancellationToken);
            var due = await FindDueAsync(connection, transaction, now - retention, cancellationToken);
            if (due == 0)
            {
                return true;
            }

            if (await ClockDoubt.FindAsync(connection, transaction, now, retention, cancellationToken) is { } doubt)
            {
                Log.Doubts(logger, due, doubt);
                return true;
            }

            var lost = await sinkRetention.SkipAsync(connection, transaction, due, cancellationToken);
            await DropAsync(connection, transaction, due, now - retention, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            sinkRetention.Tell(lost, due);
            Log.Dropped(logger, due, now - retention);
            return true;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            Log.GivesWay(logger);
            return false;
        }
    }

    private async Task<long> FindDueAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, DateTimeOffset expiry, CancellationToken cancellationToken)
    {
        var slowest = await sinkRetention.SlowestAsync(connection, cancellationToken);
        var (expired, due) = await connection.QuerySingleAsync<(long Expired, long Due)>(new CommandDefinition(
            SelectEnds,
            new { expiry, LastCall = expiry - options.RetentionWait, Delivered = slowest?.Sequence ?? long.MaxValue },
            transaction,
            cancellationToken: cancellationToken));
        if (due < expired)
        {
            Log.Waits(logger, slowest!.SinkName, slowest.Sequence, expired);
        }

        return due;
    }

    // What takes long comes first; from the announcement on nobody can append until the end.
    private async Task DropAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long end, DateTimeOffset expiry, CancellationToken cancellationToken)
    {
        await DropPartitionsAsync(connection, transaction, end, isWhole: false, cancellationToken);
        var signed = await makeCheckpoint.ExecuteAsync(connection, transaction, now: true, droppedThrough: end, cancellationToken);
        announceDrop.Execute(connection, transaction, end, expiry);
        signed ??= await makeCheckpoint.ExecuteAsync(connection, transaction, now: true, droppedThrough: end, cancellationToken);
        if (signed is null)
        {
            throw new InvalidOperationException("The trail ends before its last checkpoint does: what was dropped could not be signed. VerifyChain names the entry.");
        }

        await DropPartitionsAsync(connection, transaction, end, isWhole: true, cancellationToken);
    }

    // Whole months go with their table; of the others, the rows. A month that was whole gets new entries only before the announcement, when a clock goes back.
    private static async Task DropPartitionsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long end, bool isWhole, CancellationToken cancellationToken)
    {
        foreach (var partition in (await connection.QueryAsync<string>(new CommandDefinition(SelectPartitions, transaction: transaction, cancellationToken: cancellationToken))).AsList())
        {
            // The names come from the catalogue.
            var (least, most) = await connection.QuerySingleAsync<(long? Least, long? Most)>(new CommandDefinition(
                $"select min(sequence), max(sequence) from {partition}", transaction: transaction, cancellationToken: cancellationToken));
            if (least > end || least is null || (most <= end && !isWhole))
            {
                continue;
            }

            var sql = most <= end ? $"drop table {partition}" : $"delete from {partition} where sequence <= @End";
            await connection.ExecuteAsync(new CommandDefinition(sql, new { End = end }, transaction, commandTimeout: 0, cancellationToken: cancellationToken));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Dropped the entries through {End}, which are older than {Expiry}")]
        public static partial void Dropped(ILogger logger, long end, DateTimeOffset expiry);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Retention waits for the sink {Sink}, which has come as far as {Sequence}; the entries through {Expired} could go")]
        public static partial void Waits(ILogger logger, string sink, long sequence, long expired);

        [LoggerMessage(Level = LogLevel.Information, Message = "Retention gives way to those who read the trail or sign it, and tries again")]
        public static partial void GivesWay(ILogger logger);

        [LoggerMessage(Level = LogLevel.Error, Message = "Retention drops nothing, although the entries through {Due} would be due: {Doubt}")]
        public static partial void Doubts(ILogger logger, long due, string doubt);
    }
}
