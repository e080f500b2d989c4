using Npgsql;

namespace Mainstay.Audit.Sinks.Delivering;

/// <summary>Gathers one batch of a feed and sees it through: settled, put off, or the sink held.</summary>
internal sealed partial class SinkTurn(
    ConfiguredSink sink,
    SinkStore store,
    SinkHolds holds,
    SinkTelemetry telemetry,
    NpgsqlConnection connection,
    SinkWakeup wakeup,
    TimeProvider clock,
    ILogger logger)
{
    private int failures;

    /// <summary>Whether the feed had anything.</summary>
    public async Task<bool> ExecuteAsync(SinkFeed feed, CancellationToken cancellationToken)
    {
        var batch = await GatherBatch.ExecuteAsync(sink, feed, connection, wakeup, clock, cancellationToken);
        if (batch.First == 0)
        {
            return false;
        }

        var parts = new BatchParts(batch);
        while (parts.Next is { } part)
        {
            var start = clock.GetTimestamp();
            var delivery = await sink.DeliverAsync(part, cancellationToken);
            telemetry.Attempted(sink.Name, delivery.Outcome, clock.GetElapsedTime(start));
            parts.Apply(delivery, isLastAttempt: failures >= sink.Retries.Pauses.Count);
            await SettleAsync(feed, parts, cancellationToken);
            if (delivery.Outcome is DeliveryOutcome.Retry or DeliveryOutcome.Stop or DeliveryOutcome.Gone && parts.Next is not null && !parts.WasGivenUp)
            {
                feed.Reset();
                await PutOffAsync(delivery, cancellationToken);
                return true;
            }
        }

        await SettleAsync(feed, parts, cancellationToken);
        return true;
    }

    private async Task SettleAsync(SinkFeed feed, BatchParts parts, CancellationToken cancellationToken)
    {
        if (parts.Settle() is not { } settlement)
        {
            return;
        }

        await feed.SettleAsync(connection, settlement, cancellationToken);
        failures = 0;
        telemetry.Settled(sink.Name, settlement);
        foreach (var refused in settlement.Refused)
        {
            Log.DeadLetter(logger, sink.Name, refused.EventId, refused.Reason);
        }
    }

    private async Task PutOffAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.Outcome != DeliveryOutcome.Retry)
        {
            var change = delivery.Outcome == DeliveryOutcome.Gone ? SinkChange.Disable : SinkChange.Stop;
            await holds.ExecuteAsync(connection, sink.Name, change, delivery.Failure, SinkHolds.Service, cancellationToken);
            Log.Held(logger, sink.Name, change.Hold, delivery.Failure);
            return;
        }

        var pause = sink.Retries.After(++failures, delivery.RetryAfter);
        await store.NoteFailureAsync(connection, sink.Name, delivery.Failure, failures, pause, cancellationToken);
        Log.Failed(logger, sink.Name, delivery.Failure, pause);
        await wakeup.PauseAsync(pause, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The sink {Sink} did not take a delivery: {Failure}; retrying in {Pause}")]
        public static partial void Failed(ILogger logger, string sink, string failure, TimeSpan pause);

        [LoggerMessage(Level = LogLevel.Error, Message = "The sink {Sink} is {Hold}: {Failure}. Events wait; ResumeSink makes it go on from where it is")]
        public static partial void Held(ILogger logger, string sink, string hold, string failure);

        [LoggerMessage(Level = LogLevel.Error, Message = "The sink {Sink} will not take the event {EventId}, which went to its dead letters: {Reason}")]
        public static partial void DeadLetter(ILogger logger, string sink, string eventId, string reason);
    }
}
