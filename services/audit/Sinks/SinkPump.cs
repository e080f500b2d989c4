using Dapper;
using Mainstay.Audit.Recording;
using Mainstay.Audit.Search;
using Npgsql;

namespace Mainstay.Audit.Sinks;

/// <summary>Brings the trail to one sink: in order, at least once, from where the last delivery ended.</summary>
internal sealed partial class SinkPump(IAuditSink sink, NpgsqlDataSource database, TimeProvider clock, ILogger<SinkPump> logger)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    // Held as long as the connection, so that of several processes one delivers; the cursor moves on the same connection.
    private const string TakeTurn = "select pg_advisory_lock(hashtextextended('audit-sink/' || @Name, 0))";

    private const string SelectNext = """
        select event.sequence, event.entry::text as entry, event.hash
        from audit_event event
        where event.sequence > coalesce((select sequence from sink_cursor where sink_name = @Name), 0)
        order by event.sequence
        limit @MostEvents
        """;

    private const string MoveCursor = """
        insert into sink_cursor (sink_name, sequence, update_time)
        values (@Name, @Sequence, @Now)
        on conflict (sink_name) do update
        set sequence = excluded.sequence, update_time = excluded.update_time
        """;

    private int failures;

    /// <summary>Delivers until it is told to stop or the sink wants nothing any more.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var wanted = true;
        while (wanted && !cancellationToken.IsCancellationRequested)
        {
            try
            {
                wanted = await PumpAsync(cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                Log.Interrupted(logger, sink.Name, exception);
                await PauseAsync(null, cancellationToken);
            }
        }
    }

    private async Task<bool> PumpAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(TakeTurn, new { sink.Name }, commandTimeout: 0, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition($"listen {AppendEvents.Channel}", cancellationToken: cancellationToken));
        while (true)
        {
            var events = (await connection.QueryAsync<StoredEvent>(new CommandDefinition(
                SelectNext, new { sink.Name, sink.MostEvents }, cancellationToken: cancellationToken))).AsList();
            if (events.Count == 0)
            {
                await connection.WaitAsync(LongestWait, cancellationToken);
                continue;
            }

            if (!await DeliverAsync(connection, events, cancellationToken))
            {
                return false;
            }
        }
    }

    private async Task<bool> DeliverAsync(NpgsqlConnection connection, List<StoredEvent> events, CancellationToken cancellationToken)
    {
        var delivery = await sink.DeliverAsync(events, cancellationToken);
        if (delivery.Delivered > 0)
        {
            failures = 0;
            await connection.ExecuteAsync(new CommandDefinition(
                MoveCursor, new { sink.Name, events[delivery.Delivered - 1].Sequence, Now = clock.GetUtcNow() }, cancellationToken: cancellationToken));
        }

        if (delivery.IsFinal)
        {
            Log.Ended(logger, sink.Name, delivery.Failure);
            return false;
        }

        if (delivery.Failure.Length > 0)
        {
            Log.Refused(logger, sink.Name, delivery.Failure);
            await PauseAsync(delivery.RetryAfter, cancellationToken);
        }

        return true;
    }

    private Task PauseAsync(TimeSpan? retryAfter, CancellationToken cancellationToken) =>
        Task.Delay(sink.Backoff.After(++failures, retryAfter), clock, cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The sink {Sink} was interrupted; retrying")]
        public static partial void Interrupted(ILogger logger, string sink, Exception exception);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The sink {Sink} did not take an event: {Failure}; retrying")]
        public static partial void Refused(ILogger logger, string sink, string failure);

        [LoggerMessage(Level = LogLevel.Error, Message = "The sink {Sink} wants no more events: {Failure}. It starts again from where it stopped when the service starts")]
        public static partial void Ended(ILogger logger, string sink, string failure);
    }
}
