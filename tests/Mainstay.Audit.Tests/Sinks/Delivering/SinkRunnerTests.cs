using Mainstay.Audit.Sinks;
using Mainstay.Testing;

namespace Mainstay.Audit.Tests.Sinks.Delivering;

public sealed class SinkRunnerTests : IAsyncLifetime
{
    private static readonly SinkLimits Roomy = new(100, 1_000_000, 100_000);

    private TrailDatabase trail = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => trail = await TrailDatabase.CreateAsync(Cancellation);

    public ValueTask DisposeAsync() => trail.DisposeAsync();

    [Fact]
    public async Task Run_ManyEvents_FillsBatchesByCount()
    {
        var sink = new ScriptedSink(Roomy);
        var ids = await trail.AppendAsync(1050, Cancellation);

        await using var running = Run(sink);
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, sink.Taken);
        Assert.Equal([.. Enumerable.Repeat(100, 10), 50], sink.Deliveries.Select(delivery => delivery.Count));
    }

    [Fact]
    public async Task Run_LargeEvents_FillsBatchesBySize()
    {
        var sink = new ScriptedSink(new SinkLimits(100, 10_000, 9000));
        var events = Enumerable.Range(0, 6).Select(i => TrailDatabase.NewEvent($"step_{i}") with { Attributes = new Dictionary<string, string> { ["text"] = new('x', 4000) } });
        var ids = await trail.AppendAsync(events, Cancellation);

        await using var running = Run(sink);
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, sink.Taken);
        Assert.Equal([2, 2, 2], sink.Deliveries.Select(delivery => delivery.Count));
    }

    [Fact]
    public async Task Run_EventsOneByOne_WaitUntilTheBatchIsFullOrOldEnough()
    {
        var sink = new ScriptedSink(Roomy with { MostEvents = 2, Gathering = TimeSpan.FromMinutes(10) });
        await using (Run(sink))
        {
            await trail.AppendAsync(1, Cancellation);
            await trail.AppendAsync(1, Cancellation);
            await trail.DrainedAsync(Cancellation);
        }

        var impatient = new ScriptedSink(Roomy with { Gathering = TimeSpan.FromMilliseconds(50) });
        await trail.AppendAsync(1, Cancellation);
        await using var running = Run(impatient);
        await trail.DrainedAsync(Cancellation);

        Assert.Equal([2], sink.Deliveries.Select(delivery => delivery.Count));
        Assert.Single(impatient.Taken);
    }

    [Fact]
    public async Task Run_TooMuchAtOnce_IsSplitUntilItFits()
    {
        var sink = new ScriptedSink(Roomy)
        {
            Answer = events => events.Count > 10 ? new Delivery(DeliveryOutcome.TooLarge, "it answered 413") : Delivery.Complete,
        };
        var ids = await trail.AppendAsync(100, Cancellation);

        await using var running = Run(sink);
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, sink.Taken);
        Assert.Empty(await trail.DeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task Run_OneBadEventThatNobodyNames_IsFoundByHalvingAndGivenUpAlone()
    {
        var sink = new ScriptedSink(Roomy)
        {
            Answer = events => events.Any(encoded => encoded.Event.Text("action") == "step_37") ? new Delivery(DeliveryOutcome.Refused, "it answered 400") : Delivery.Complete,
        };
        var ids = await trail.AppendAsync(100, Cancellation);

        await using var running = Run(sink);
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids.Where(id => id != ids[37]), sink.Taken);
        Assert.Equal([(ids[37], "it answered 400")], await trail.DeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task Run_BadEventThatIsNamed_IsGivenUpAndTheOthersComeAgain()
    {
        var sink = new ScriptedSink(Roomy)
        {
            Answer = events => events.Index().Where(one => one.Item.Event.Text("action") is "step_3" or "step_5").Select(one => new RefusedEvent(one.Index, "no")).ToList() is [var first, ..]
                ? new Delivery(DeliveryOutcome.Refused, "it answered 400") { Refused = [first] }
                : Delivery.Complete,
        };
        var ids = await trail.AppendAsync(10, Cancellation);

        await using var running = Run(sink);
        await trail.DrainedAsync(Cancellation);

        Assert.Equal([.. ids.Take(3), ids[4], .. ids.Skip(6)], sink.Taken);
        Assert.Equal([ids[3], ids[5]], (await trail.DeadLettersAsync(Cancellation)).Select(dead => dead.EventId));
    }

    [Fact]
    public async Task Run_EventLargerThanTheSinkTakes_IsCutWithAMarker()
    {
        var json = "";
        var sink = new ScriptedSink(Roomy with { MostEventBytes = 2000 });
        sink.Answer = events =>
        {
            json = events[0].Event.Json;
            return Delivery.Complete;
        };
        await trail.AppendAsync([TrailDatabase.NewEvent() with { Attributes = new Dictionary<string, string> { ["text"] = new('x', 50_000) } }], Cancellation);

        await using var running = Run(sink);
        await trail.DrainedAsync(Cancellation);

        Assert.Contains("[cut from 50000 characters]", json, StringComparison.Ordinal);
        Assert.Contains("\"cut\":true", json, StringComparison.Ordinal);
        Assert.True(json.Length <= 2000);
    }

    [Fact]
    public async Task Run_EventThatCannotBeCut_GoesToTheDeadLetters()
    {
        var sink = new ScriptedSink(Roomy with { MostEventBytes = 100 });
        var ids = await trail.AppendAsync(1, Cancellation);

        await using var running = Run(sink);
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, (await trail.DeadLettersAsync(Cancellation)).Select(dead => dead.EventId));
        Assert.Empty(sink.Deliveries);
    }

    [Fact]
    public async Task Run_FailureThatMayBeTheEvent_IsGivenUpOnlyWhenTheScheduleEnds()
    {
        var sink = new ScriptedSink(Roomy with { MostEvents = 1 });
        sink.Answer = events => events[0].Event.Text("action") == "step_1" ? new Delivery(DeliveryOutcome.Retry, "it answered 400") { MayBeTheEvent = true } : Delivery.Complete;
        var ids = await trail.AppendAsync(3, Cancellation);

        await using var running = Run(sink, ("first_backoff", "1ms"), ("longest_backoff", "4ms"));
        await trail.DrainedAsync(Cancellation);

        // 1, 2 and 4 ms: four attempts.
        Assert.Equal(4, sink.Deliveries.Count(delivery => delivery[0] == "step_1"));
        Assert.Equal([ids[0], ids[2]], sink.Taken);
        Assert.Equal([ids[1]], (await trail.DeadLettersAsync(Cancellation)).Select(dead => dead.EventId));
    }

    [Fact]
    public async Task Run_SinkThrowsOverOneEvent_IsFoundByHalvingWhenTheScheduleEnds()
    {
        var sink = new ScriptedSink(Roomy)
        {
            Answer = events => events.Any(encoded => encoded.Event.Text("action") is "step_37" or "step_38") ? throw new ArgumentException("too long") : Delivery.Complete,
        };
        var ids = await trail.AppendAsync(100, Cancellation);

        await using var running = Run(sink, ("first_backoff", "1ms"), ("longest_backoff", "2ms"));
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids.Where(id => id != ids[37] && id != ids[38]), sink.Taken);
        Assert.Equal([(ids[37], "the delivery failed (ArgumentException)"), (ids[38], "the delivery failed (ArgumentException)")], await trail.DeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task Run_SinkThrowsOverTheLine_GivesNoEventUp()
    {
        var attempts = 0;
        var sink = new ScriptedSink(Roomy) { Answer = _ => ++attempts < 20 ? throw new IOException("gone") : Delivery.Complete };
        var ids = await trail.AppendAsync(10, Cancellation);

        await using var running = Run(sink, ("first_backoff", "1ms"), ("longest_backoff", "2ms"));
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, sink.Taken);
    }

    [Fact]
    public async Task Run_OtherFailuresBeforeOneThatMayBeTheEvent_AreNotHeldAgainstIt()
    {
        var attempts = 0;
        var sink = new ScriptedSink(Roomy)
        {
            Answer = _ => ++attempts switch
            {
                <= 6 or 8 => new Delivery(DeliveryOutcome.Retry, "it could not be reached"),
                7 or 9 or 10 => new Delivery(DeliveryOutcome.Retry, "it answered 400") { MayBeTheEvent = true },
                _ => Delivery.Complete,
            },
        };
        var ids = await trail.AppendAsync(2, Cancellation);

        await using var running = Run(sink, ("first_backoff", "1ms"), ("longest_backoff", "4ms"));
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, sink.Taken);
        Assert.Equal(11, attempts);
        Assert.Empty(await trail.DeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task Run_PartOfADeliveryTaken_IsNotSentAgain()
    {
        var failed = false;
        var sink = new ScriptedSink(Roomy);
        sink.Answer = events =>
        {
            var first = !failed;
            failed = true;
            return first ? new Delivery(DeliveryOutcome.Retry, "half of it") { Taken = 4 } : Delivery.Complete;
        };
        var ids = await trail.AppendAsync(10, Cancellation);

        await using var running = Run(sink, ("first_backoff", "1ms"));
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, sink.Taken);
    }

    [Theory]
    [InlineData(DeliveryOutcome.Stop, "stopped")]
    [InlineData(DeliveryOutcome.Gone, "disabled")]
    public async Task Run_ReceiverWantsNothing_IsLeftAlone(object outcome, string hold)
    {
        var sink = new ScriptedSink(Roomy) { Answer = _ => new Delivery((DeliveryOutcome)outcome, "it answered 403") };
        var ids = await trail.AppendAsync(3, Cancellation);

        await using (Run(sink))
        {
            await Eventually.TrueAsync(async () => await trail.StateAsync<string>("hold", Cancellation) == hold, Cancellation);
            await trail.AppendAsync(1, Cancellation);
        }

        // A start is another chance for settings that may have changed, not for a receiver that said it is gone.
        sink.Answer = _ => Delivery.Complete;
        await using var running = Run(sink);
        if (hold == "stopped")
        {
            await trail.DrainedAsync(Cancellation);
            Assert.Equal(ids, sink.Taken.Take(3));
        }
        else
        {
            Assert.Single(sink.Deliveries);
            Assert.Equal(hold, await trail.StateAsync<string>("hold", Cancellation));
        }
    }

    [Fact]
    public async Task Run_TwoProcesses_OneDelivers()
    {
        var sink = new ScriptedSink(Roomy with { MostEvents = 1 });
        await using var first = Run(sink);
        await using var second = Run(sink);

        var ids = await trail.AppendAsync(200, Cancellation);
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, sink.Taken);
    }

    [Fact]
    public async Task Run_DatabaseConnectionLost_GoesOn()
    {
        var sink = new ScriptedSink(Roomy with { MostEvents = 1 });
        await using var running = Run(sink);
        var ids = await trail.AppendAsync(5, Cancellation);
        await trail.DrainedAsync(Cancellation);

        await trail.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()", Cancellation);
        ids = [.. ids, .. await trail.AppendAsync(5, Cancellation)];
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, sink.Taken.Distinct());
    }

    [Fact]
    public async Task Run_FilterLetsNothingPass_MovesOnAnyway()
    {
        var sink = new ScriptedSink(Roomy);
        await trail.AppendAsync(300, Cancellation);

        await using var running = Run(sink, ("include:result:0", "denied"));
        await trail.DrainedAsync(Cancellation);

        Assert.Empty(sink.Deliveries);
    }

    [Fact]
    public async Task Run_NewSinkThatStartsNow_LeavesThePastAlone()
    {
        var sink = new ScriptedSink(Roomy);
        await trail.AppendAsync(10, Cancellation);
        await using var running = Run(sink, ("start", "now"));
        await Eventually.TrueAsync(async () => await trail.StateAsync<long?>("sequence", Cancellation) is not null, Cancellation);

        var ids = await trail.AppendAsync(2, Cancellation);
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, sink.Taken);
    }

    [Fact]
    public async Task Run_ClockJumpsWhileTheSinkFails_WaitsNoLongerForItAndLosesNothing()
    {
        var clock = new JumpingClock();
        var failures = 0;
        var sink = new ScriptedSink(Roomy)
        {
            // Back by a year, on by two, as when a machine's clock was wrong and is set right.
            Answer = _ =>
            {
                clock.Offset = TimeSpan.FromDays(failures % 2 == 0 ? -365 : 730);
                return failures++ < 6 ? new Delivery(DeliveryOutcome.Retry, "it answered 503") { RetryAfter = TimeSpan.FromMilliseconds(20) } : Delivery.Complete;
            },
        };
        var ids = await trail.AppendAsync(10, Cancellation);

        await using var running = trail.Run(TrailDatabase.Configure(sink, clock, ("first_backoff", "5ms"), ("longest_backoff", "5ms")), clock);
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, sink.Taken);
        Assert.Equal(7, sink.Deliveries.Count);
    }

    private RunningSink Run(ScriptedSink sink, params (string, string)[] settings) => trail.Run(TrailDatabase.Configure(sink, settings));

    private sealed class JumpingClock : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
    }
}
