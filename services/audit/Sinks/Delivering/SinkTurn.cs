using Npgsql;

namespace Mainstay.Audit.Sinks.Delivering;

/// <summary>Sees what a feed has at hand through, batch by batch: settled, put off, or the sink held.</summary>
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
    // A settlement is a commit that reaches the disk: for a sink that takes events singly it would cost more than the delivery. What is not settled comes again after a crash.
    private static readonly TimeSpan LongestUnsettled = TimeSpan.FromMilliseconds(100);

    private Settlement? unsettled;
    private long start;
    private int failures;

    // Only these are held against an event, and pause by a schedule of their own: what else failed before says nothing about it.
    private int suspicions;

    private bool IsDue => clock.GetElapsedTime(start) >= LongestUnsettled;

    /// <summary>Whether the feed had anything.</summary>
    public async Task<bool> ExecuteAsync(SinkFeed feed, CancellationToken cancellationToken)
    {
        start = clock.GetTimestamp();
        var worked = false;
        Delivery? failure;
        try
        {
            do
            {
                var batch = await GatherBatch.ExecuteAsync(sink, feed, connection, wakeup, clock, cancellationToken);
                worked |= batch.First > 0;
                failure = await DeliverAsync(feed, batch, cancellationToken);
            }
            while (failure is null && feed.HasReadAhead && sink.Sink.Limits.Gathering == TimeSpan.Zero && !IsDue);
        }
        finally
        {
            // Also when told to stop: what has arrived need not come again.
            await SettleAsync(feed);
        }

        if (failure is not null)
        {
            feed.Reset();
            await PutOffAsync(failure, cancellationToken);
        }

        return worked;
    }

    private async Task<Delivery?> DeliverAsync(SinkFeed feed, Batch batch, CancellationToken cancellationToken)
    {
        var parts = new BatchParts(batch);
        while (parts.Next is { } part)
        {
            var sent = clock.GetTimestamp();
            var delivery = await sink.DeliverAsync(part, cancellationToken);
            telemetry.Attempted(sink.Name, delivery.Outcome, clock.GetElapsedTime(sent));
            parts.Apply(delivery, isLastAttempt: suspicions >= sink.Retries.Pauses.Count);
            Note(parts.Settle());
            if (delivery.Outcome is DeliveryOutcome.Retry or DeliveryOutcome.Stop or DeliveryOutcome.Gone && parts.Next is not null && !parts.IsLaidOnAnEvent)
            {
                return delivery;
            }

            if (IsDue)
            {
                await SettleAsync(feed);
            }
        }

        Note(parts.Settle());
        return null;
    }

    private void Note(Settlement? settlement)
    {
        if (settlement is not null)
        {
            unsettled = unsettled?.With(settlement) ?? settlement;
            (failures, suspicions) = (0, 0);
        }
    }

    private async Task SettleAsync(SinkFeed feed)
    {
        if (unsettled is not { } settlement)
        {
            return;
        }

        unsettled = null;
        await feed.SettleAsync(connection, settlement, CancellationToken.None);
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

        failures++;
        suspicions += delivery.MayBeTheEvent ? 1 : 0;
        var pause = sink.Retries.After(delivery.MayBeTheEvent ? suspicions : failures, delivery.RetryAfter);
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
