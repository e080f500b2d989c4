using Mainstay.Audit.Sinks;
using Mainstay.Audit.Sinks.Delivering;
using Mainstay.Testing;

namespace Mainstay.Audit.Tests.Sinks.Delivering;

public sealed class SettlingTests : IAsyncLifetime
{
    private static readonly SinkLimits Singly = new(1, 1_000_000, 100_000);

    private TrailDatabase trail = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => trail = await TrailDatabase.CreateAsync(Cancellation);

    public ValueTask DisposeAsync() => trail.DisposeAsync();

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 400)]
    public async Task Run_EventsSingly_AreSettledByThePageUnlessTheReceiverIsSlow(int seconds, long settlements)
    {
        await trail.ExecuteAsync(
            """
            create table settlement (sequence bigint);
            create function note_settlement() returns trigger language plpgsql as 'begin insert into settlement values (new.sequence); return new; end';
            create trigger note_settlement after update on sink_state for each row when (new.sequence > old.sequence) execute function note_settlement();
            """,
            Cancellation);
        var clock = new SteppedClock();
        var sink = new ScriptedSink(Singly);
        sink.Answer = _ =>
        {
            clock.Elapsed += TimeSpan.FromSeconds(seconds);
            return Delivery.Complete;
        };
        var ids = await trail.AppendAsync(400, Cancellation);

        await using var running = trail.Run(TrailDatabase.Configure(sink, clock), clock);
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, sink.Taken);
        Assert.Equal(settlements, await trail.ScalarAsync<long>("select count(*) from settlement", Cancellation));
    }

    [Fact]
    public async Task Run_FailureInTheMidst_SettlesWhatArrivedBefore()
    {
        var failed = false;
        var sink = new ScriptedSink(Singly);
        sink.Answer = events =>
        {
            var fails = !failed && events[0].Event.Text("action") == "step_7";
            failed |= fails;
            return fails ? new Delivery(DeliveryOutcome.Retry, "it answered 503") : Delivery.Complete;
        };
        var ids = await trail.AppendAsync(20, Cancellation);

        await using var running = trail.Run(TrailDatabase.Configure(sink, ("first_backoff", "1ms")));
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, sink.Taken);
        Assert.Equal(21, sink.Deliveries.Count);
    }

    [Fact]
    public async Task Run_ToldToStop_SettlesWhatArrived()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var sink = new ScriptedSink(Singly);
        sink.Answer = events =>
        {
            if (events[0].Event.Text("action") == "step_7")
            {
                stop.Cancel();
            }

            return Delivery.Complete;
        };
        var ids = await trail.AppendAsync(20, Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trail.RunAsync(TrailDatabase.Configure(sink), stop.Token));

        Assert.Equal(8, sink.Taken.Count);
        await using var running = trail.Run(TrailDatabase.Configure(sink));
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, sink.Taken);
    }

    [Fact]
    public async Task DeadLetters_AskedForBetweenThoseOnTheirWay_AreNotTakenForDelivered()
    {
        var sink = new ScriptedSink(Singly) { Answer = _ => new Delivery(DeliveryOutcome.Refused, "it answered 400") };
        var ids = await trail.AppendAsync(3, Cancellation);
        await using (trail.Run(TrailDatabase.Configure(sink)))
        {
            await trail.DrainedAsync(Cancellation);
        }

        var feed = new DeadLetterFeed("sink", trail.Store);
        await using var connection = await trail.Database.OpenConnectionAsync(Cancellation);
        await trail.ExecuteAsync($"update sink_dead_letter set retry_requested = event_id <> '{ids[1]}'", Cancellation);
        var first = await feed.PeekAsync(connection, Cancellation);
        await trail.ExecuteAsync("update sink_dead_letter set retry_requested = true", Cancellation);
        await feed.SettleAsync(connection, new Settlement(first!.Sequence, first.Sequence + 2, 2, []), Cancellation);

        Assert.Equal([ids[1]], (await trail.DeadLettersAsync(Cancellation)).Select(dead => dead.EventId));
        Assert.Equal(first.Sequence + 1, (await feed.PeekAsync(connection, Cancellation))!.Sequence);
    }

    [Fact]
    public async Task DeadLetters_SettledInParts_AreAllDoneWith()
    {
        var clock = new SteppedClock();
        var sink = new ScriptedSink(new SinkLimits(100, 1_000_000, 100_000)) { Answer = _ => new Delivery(DeliveryOutcome.Refused, "it answered 400") };
        var ids = await trail.AppendAsync(8, Cancellation);
        await using (trail.Run(TrailDatabase.Configure(sink)))
        {
            await trail.DrainedAsync(Cancellation);
        }

        // Slow, and one at a time: each part is settled before the next one is sent.
        sink.Answer = events =>
        {
            clock.Elapsed += TimeSpan.FromSeconds(1);
            return events.Count > 1 ? new Delivery(DeliveryOutcome.TooLarge, "it answered 413") : Delivery.Complete;
        };
        await trail.ExecuteAsync("update sink_dead_letter set retry_requested = true", Cancellation);
        await using var running = trail.Run(TrailDatabase.Configure(sink, clock), clock);
        await Eventually.TrueAsync(async () => (await trail.DeadLettersAsync(Cancellation)).Count == 0, Cancellation);

        Assert.Equal(ids, sink.Taken);
    }

    /// <summary>A clock that stands still but for what the test adds.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        public TimeSpan Elapsed { get; set; }

        public override long GetTimestamp() => (long)(Elapsed.TotalSeconds * TimestampFrequency);
    }
}
