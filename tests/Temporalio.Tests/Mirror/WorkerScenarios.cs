using Temporalio.Activities;
using Temporalio.Worker;

namespace Temporalio.Tests.Mirror;

/// <summary>Workers that come and go, with the same code and with other code; local activities.</summary>
public sealed class WorkerScenarios(MirrorServer server)
{
    private static readonly Delegate Double = [Activity("double")] (int number) => number * 2;

    [Fact]
    public async Task Worker_Replaced_TheNextReplaysTheWholeHistory()
    {
        await using var t = new Scenario(server.Client, "worker-restart");
        var seen = new List<string>();
        Delegate DoubleBy(string worker) => [Activity("double")] (int number) =>
        {
            seen.Add(worker);
            return number * 2;
        };
        await t.WorkerAsync(t.Queue, options => Short(options).Identity = "worker-one", DoubleBy("one"));
        var handle = await t.StartAsync("updated");
        await handle.QueryAsync<object>("state", []);
        await handle.ExecuteUpdateAsync<object>("change", [new { activity = "double", value = 4 }], new() { Id = "u1" });
        await t.StopWorkersAsync();
        await t.WorkerAsync(t.Queue, options => options.Identity = "worker-two", DoubleBy("two"));
        await handle.ExecuteUpdateAsync<object>("change", [new { activity = "double", value = 5 }], new() { Id = "u2" });
        await handle.SignalAsync("go", []);
        await Scenario.EndAsync(handle);
        t.Fact("who ran the activities", seen);
        var events = (await handle.FetchHistoryAsync()).Events;
        t.Fact(
            "identities that completed workflow tasks, in order",
            events.Where(e => e.EventType == EventType.WorkflowTaskCompleted).Select(e => e.WorkflowTaskCompletedEventAttributes.Identity).Distinct());
        t.Fact("failed workflow tasks", events.Count(e => e.EventType == EventType.WorkflowTaskFailed));
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Worker_WithOtherCode_FailsTheTaskAndLeavesTheWorkflowOpen()
    {
        await using var t = new Scenario(server.Client, "non-determinism");
        await t.WorkerAsync(t.Queue, options => Short(options));
        var handle = await t.StartAsync("mutable");
        await t.UntilEventAsync(handle.Id, EventType.WorkflowTaskCompleted, 2);
        await t.StopWorkersAsync();
        await t.WorkerAsync(t.Queue, MirrorWorkflows.AddChangedTo, Double);
        await handle.SignalAsync("go", []);
        await t.UntilEventAsync(handle.Id, EventType.WorkflowTaskFailed);
        t.Fact("status", (await handle.DescribeAsync()).Status.ToString().ToUpperInvariant());
        var failed = (await handle.FetchHistoryAsync()).Events.First(e => e.EventType == EventType.WorkflowTaskFailed).WorkflowTaskFailedEventAttributes;
        t.Fact("cause", new { cause = Scenario.Json(failed)["cause"], code = System.Text.RegularExpressions.Regex.Match(failed.Failure.Message, @"TMPRL\d+").Value });
        await handle.TerminateAsync();
    }

    [Fact]
    public async Task Patch_OfARunBegunBefore_KeepsTheOldPath()
    {
        await using var t = new Scenario(server.Client, "patch-evolution");
        await t.WorkerAsync(t.Queue, options => Short(options), Double);
        var old = await t.StartAsync("evolves", [], null, "old");
        await t.UntilEventAsync(old.Id, EventType.WorkflowTaskCompleted);
        await old.SignalAsync("go", []);
        await t.UntilEventAsync(old.Id, EventType.WorkflowTaskCompleted, 2);
        await t.StopWorkersAsync();
        await t.WorkerAsync(t.Queue, MirrorWorkflows.AddChangedTo, Double);
        t.Fact("old", new { result = await old.GetResultAsync<string>() });
        var fresh = await t.StartAsync("evolves", [], null, "fresh");
        await t.UntilEventAsync(fresh.Id, EventType.WorkflowTaskCompleted);
        await fresh.SignalAsync("go", []);
        t.Fact("fresh", new { result = await fresh.GetResultAsync<string>() });
        t.History("fresh", fresh.Id);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Patch_Deprecated_IsMarkedSo()
    {
        await using var t = new Scenario(server.Client, "patch-deprecated-marker");
        await t.WorkerAsync(t.Queue, MirrorWorkflows.AddChangedTo);
        var handle = await t.StartAsync("patching");
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Load_200Workflows_AllEndRight()
    {
        await using var t = new Scenario(server.Client, "load-200");
        await t.WorkerAsync(Double);
        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            var handle = await t.StartAsync("twoActivities", [i], null, $"w{i}");
            return (Right: await handle.GetResultAsync<int>() == i * 4, Events: (await handle.FetchHistoryAsync()).Events.Count);
        }));
        t.Fact("right results", results.Count(result => result.Right));
        t.Fact("histories by number of events", results.GroupBy(result => result.Events).ToDictionary(group => group.Key.ToString(System.Globalization.CultureInfo.InvariantCulture), group => group.Count()));
    }

    [Theory]
    [InlineData("local-activity-success", "runLocalActivity", "double")]
    [InlineData("local-activity-retry", "runLocalActivity", "flaky")]
    [InlineData("local-activity-failure", "tryLocalActivity", "bad")]
    public async Task LocalActivity_LeavesOneMarker(string name, string type, string activity)
    {
        await using var t = new Scenario(server.Client, name);
        var calls = 0;
        await t.WorkerAsync(
            Double,
            [Activity("flaky")] () => ++calls < 3 ? throw new InvalidOperationException("again") : calls,
            [Activity("bad")] string () => throw new Exceptions.ApplicationFailureException("local bad", errorType: "LocalBad", nonRetryable: true));
        var retry = new { initialInterval = "50ms", maximumAttempts = 5 };
        var handle = await t.StartAsync(type, activity switch
        {
            "double" => [activity, new { startToCloseTimeout = "5s" }, 21],
            "flaky" => [activity, new { startToCloseTimeout = "5s", retry }],
            _ => [activity, new { startToCloseTimeout = "5s" }],
        });
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync(results: activity != "bad");
    }

    [Fact]
    public async Task LocalActivity_LongerThanATask_ExtendsIt()
    {
        await using var t = new Scenario(server.Client, "local-activity-long");
        await t.WorkerAsync([Activity("slow")] async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(4.5), ActivityExecutionContext.Current.CancellationToken);
            return "slow";
        });
        await t.WarmAsync();
        var handle = await t.StartAsync("runLocalActivity", ["slow", new { startToCloseTimeout = "10s" }], options => options.TaskTimeout = TimeSpan.FromSeconds(2));
        t.Fact("result", new { result = await handle.GetResultAsync<string>() });
        var events = (await handle.FetchHistoryAsync()).Events;
        int Count(EventType type) => events.Count(e => e.EventType == type);
        t.Fact(
            "several workflow tasks completed, none timed out",
            new { several = Count(EventType.WorkflowTaskCompleted) >= 2, timedOut = Count(EventType.WorkflowTaskTimedOut), markers = Count(EventType.MarkerRecorded) });
    }

    private static TemporalWorkerOptions Short(TemporalWorkerOptions options)
    {
        options.StickyQueueScheduleToStartTimeout = TimeSpan.FromSeconds(1);
        return options;
    }
}
