using Dapper;
using Npgsql;

namespace Mainstay.Audit.Sinks.Delivering;

/// <summary>Brings the trail to one sink: in order, at least once, from where the last delivery ended.</summary>
internal sealed partial class SinkRunner(
    ConfiguredSink sink, SinkStore store, SinkHolds holds, SinkTelemetry telemetry, NpgsqlDataSource database, TimeProvider clock, ILogger<SinkRunner> logger)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly Retries Interruptions = Retries.Doubling(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));

    // Held as long as the connection, so that of several processes one delivers; all that is settled goes over the same connection.
    private const string TakeTurn = "select pg_advisory_lock(hashtextextended('audit-sink/' || @Name, 0))";

    private int interruptions;

    /// <summary>Delivers until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await DeliverAsync(cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                Log.Interrupted(logger, sink.Name, exception);
                await Task.Delay(Interruptions.After(++interruptions, null), clock, cancellationToken);
            }
        }
    }

    private async Task DeliverAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await store.EnterAsync(connection, sink, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(TakeTurn, new { sink.Name }, commandTimeout: 0, cancellationToken: cancellationToken));
        using var wakeup = await SinkWakeup.ListenAsync(connection, sink.Name, clock, cancellationToken);
        await SinkStore.ReleaseAsync(connection, sink.Name, cancellationToken);

        var replay = new ReplayFeed(sink.Name, store);
        SinkFeed[] feeds = [new LiveFeed(sink.Name, store), replay, new DeadLetterFeed(sink.Name, store)];
        var turn = new SinkTurn(sink, store, holds, telemetry, connection, wakeup, clock, logger);
        while (true)
        {
            var worked = false;
            foreach (var feed in feeds)
            {
                if (await SinkStore.IsHeldAsync(connection, sink.Name, cancellationToken))
                {
                    feed.Reset();
                    continue;
                }

                worked |= await turn.ExecuteAsync(feed, cancellationToken) || (feed == replay && await replay.FinishAsync(connection, cancellationToken));
                interruptions = 0;
            }

            if (!worked)
            {
                await wakeup.WaitAsync(LongestWait, cancellationToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The sink {Sink} was interrupted; retrying")]
        public static partial void Interrupted(ILogger logger, string sink, Exception exception);
    }
}
