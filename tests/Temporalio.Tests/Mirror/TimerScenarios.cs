namespace Temporalio.Tests.Mirror;

public sealed class TimerScenarios(MirrorServer server)
{
    [Theory]
    [InlineData("timer-fire", "timer", 500)]
    [InlineData("timer-zero", "timer", 0)]
    [InlineData("timer-cancel", "cancelledTimer")]
    [InlineData("timer-many", "manyTimers", 50, 300)]
    [InlineData("patch-marker", "patching")]
    public async Task Workflow_EndsByItself_WritesTheGoldenHistory(string name, string type, params int[] args)
    {
        await using var t = new Scenario(server.Client, name);
        await t.WorkerAsync();
        var handle = await t.StartAsync(type, [.. args.Cast<object>()]);
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task WaitCondition_SignalBeforeItsTimeout_CancelsTheTimer()
    {
        await using var t = new Scenario(server.Client, "timer-or-signal");
        await t.WorkerAsync();
        var handle = await t.StartAsync("timerOrSignal", [60000]);
        await t.UntilEventAsync(handle.Id, EventType.TimerStarted);
        await handle.SignalAsync("go", []);
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task StartDelay_HoldsTheFirstTaskBack()
    {
        await using var t = new Scenario(server.Client, "start-delay");
        await t.WorkerAsync();
        var handle = await t.StartAsync("noop", ["late"], options => options.StartDelay = TimeSpan.FromMilliseconds(1500));
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }
}
