using Mainstay.Testing;
using Temporalio.Client;
using Temporalio.Client.Schedules;

namespace Temporalio.Tests.Mirror;

/// <summary>Schedules that fire by the clock, and what happens when one firing meets another.</summary>
public sealed class ScheduleOverlapScenarios(MirrorServer server)
{
    private static readonly ScheduleSpec Never = new() { Intervals = [new(TimeSpan.FromDays(365))] };
    private static readonly ScheduleSpec EachSecond = new() { Intervals = [new(TimeSpan.FromSeconds(1))] };

    [Fact]
    public async Task Paused_FiresOnlyByHand()
    {
        await using var t = new Scenario(server.Client, "schedule-pause");
        await t.WorkerAsync();
        var handle = await CreateAsync(t, "s", EachSecond, new() { Paused = true, Note = "born paused" });
        using (var timer = new PeriodicTimer(TimeSpan.FromSeconds(2.5)))
        {
            await timer.WaitForNextTickAsync(Scenario.CancellationToken);
        }

        var born = await handle.DescribeAsync();
        t.Fact("paused", new { actions = born.Info.NumActions, state = State(born) });
        await TriggerAsync(t, "s");
        await UntilAsync(handle, info => info.NumActions == 1);
        await handle.UnpauseAsync("go on");
        await UntilAsync(handle, info => info.NumActions >= 2);
        t.Fact("unpaused", State(await handle.DescribeAsync()));
        await handle.PauseAsync("stop now");
        t.Fact("paused again", State(await handle.DescribeAsync()));
        await handle.DeleteAsync();
    }

    [Fact]
    public async Task Interval_FiresOnWholeSeconds()
    {
        await using var t = new Scenario(server.Client, "schedule-interval");
        await t.WorkerAsync();
        var handle = await CreateAsync(t, "s", EachSecond, policy: new() { Overlap = ScheduleOverlapPolicy.AllowAll });
        await UntilAsync(handle, info => info.NumActions >= 3);
        await handle.DeleteAsync();
        var ids = await RunsAsync(t, 3);
        t.Fact("ids", new
        {
            distinct = ids.Distinct().Count() == ids.Count,
            shape = ids.Take(3).Select(id => System.Text.RegularExpressions.Regex.Replace(id.Replace(t.Uid, "uid", StringComparison.Ordinal), @"\d", "9")),
        });
        var times = ids.Select(id => DateTimeOffset.Parse(id[(id.LastIndexOf("run-", StringComparison.Ordinal) + 4)..], System.Globalization.CultureInfo.InvariantCulture)).Order().ToList();
        t.Fact("one second apart", (times[1] - times[0], times[2] - times[1]) == (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task LimitedActions_StopByThemselves()
    {
        await using var t = new Scenario(server.Client, "schedule-limited-actions");
        await t.WorkerAsync();
        var handle = await CreateAsync(t, "s", EachSecond, new() { LimitedActions = true, RemainingActions = 2 });
        await UntilAsync(handle, info => info.NumActions >= 2);
        await NextSecondAsync();
        var ended = await handle.DescribeAsync();
        t.Fact("after", new { actions = ended.Info.NumActions, limited = ended.Schedule.State.LimitedActions, remaining = ended.Schedule.State.RemainingActions });
        await handle.DeleteAsync();
    }

    [Fact]
    public async Task Skip_CountsWhatItSkips()
    {
        await using var t = new Scenario(server.Client, "schedule-overlap-skip");
        await t.WorkerAsync();
        var handle = await CreateAsync(t, "s", Never, policy: new() { Overlap = ScheduleOverlapPolicy.Skip }, type: "waitGo");
        await TriggerAsync(t, "s");
        await UntilAsync(handle, info => info.RunningActions.Count == 1);
        await TriggerAsync(t, "s");
        await UntilAsync(handle, info => info.NumActionsSkippedOverlap == 1);
        var info = (await handle.DescribeAsync()).Info;
        t.Fact("info", new { actions = info.NumActions, skipped = info.NumActionsSkippedOverlap, running = info.RunningActions.Count });
        await handle.DeleteAsync();
        await t.Client.GetWorkflowHandle(Running(info)).TerminateAsync();
    }

    [Fact]
    public async Task BufferOne_StartsItWhenTheFirstEnds()
    {
        await using var t = new Scenario(server.Client, "schedule-overlap-buffer-one");
        await t.WorkerAsync();
        var handle = await CreateAsync(t, "s", Never, policy: new() { Overlap = ScheduleOverlapPolicy.BufferOne }, type: "waitGo");
        await TriggerAsync(t, "s");
        await UntilAsync(handle, info => info.RunningActions.Count == 1);
        await NextSecondAsync();
        await TriggerAsync(t, "s");
        await Eventually.TrueAsync(async () => (await RawAsync(t, "s")).BufferSize == 1, Scenario.CancellationToken);
        await NextSecondAsync();
        await TriggerAsync(t, "s");
        await UntilAsync(handle, info => info.NumActionsSkippedOverlap == 1);
        var before = await RawAsync(t, "s");
        t.Fact("before", new { actions = before.ActionCount, skipped = before.OverlapSkipped, running = before.RunningWorkflows.Count, buffered = before.BufferSize });
        await t.Client.GetWorkflowHandle(before.RunningWorkflows[0].WorkflowId).SignalAsync("go", []);
        await UntilAsync(handle, info => info.NumActions == 2 && info.RunningActions.Count == 1 && Running(info) != before.RunningWorkflows[0].WorkflowId);
        var after = await RawAsync(t, "s");
        t.Fact("after", new { actions = after.ActionCount, running = after.RunningWorkflows.Count, buffered = after.BufferSize });
        await handle.DeleteAsync();
        await t.Client.GetWorkflowHandle(after.RunningWorkflows[0].WorkflowId).TerminateAsync();
    }

    [Fact]
    public async Task AllowAll_RunsThemSideBySide()
    {
        await using var t = new Scenario(server.Client, "schedule-overlap-allow-all");
        await t.WorkerAsync();
        var handle = await CreateAsync(t, "s", Never, policy: new() { Overlap = ScheduleOverlapPolicy.AllowAll }, type: "waitGo");
        for (var i = 1; i <= 3; i++)
        {
            await TriggerAsync(t, "s");
            await UntilAsync(handle, info => info.NumActions == i);
            await NextSecondAsync();
        }

        var ids = await RunsAsync(t, 3);
        t.Fact("running", (await t.Client.CountWorkflowsAsync($"TaskQueue = '{t.Queue}' AND ExecutionStatus = 'Running'")).Count);
        await handle.DeleteAsync();
        foreach (var id in ids)
        {
            await t.Client.GetWorkflowHandle(id).TerminateAsync();
        }
    }

    [Theory]
    [InlineData("cancel", ScheduleOverlapPolicy.CancelOther)]
    [InlineData("terminate", ScheduleOverlapPolicy.TerminateOther)]
    public async Task Others_EndForTheNew(string label, ScheduleOverlapPolicy overlap)
    {
        await using var t = new Scenario(server.Client, "schedule-overlap-others");
        await t.WorkerAsync();
        var handle = await CreateAsync(t, label, Never, policy: new() { Overlap = overlap }, type: "waitGo");
        await TriggerAsync(t, label);
        await UntilAsync(handle, info => info.RunningActions.Count == 1);
        var first = Running((await handle.DescribeAsync()).Info);
        await NextSecondAsync();
        await TriggerAsync(t, label);
        await UntilAsync(handle, info => info.NumActions == 2 && info.RunningActions.Count == 1 && Running(info) != first);
        var status = (await t.Client.GetWorkflowHandle(first).DescribeAsync()).Status;
        t.Fact($"{label}: the first", status == WorkflowExecutionStatus.Canceled ? "CANCELLED" : status.ToString().ToUpperInvariant());
        var second = Running((await handle.DescribeAsync()).Info);
        await handle.DeleteAsync();
        await t.Client.GetWorkflowHandle(second).TerminateAsync();
    }

    // A schedule goes by the second: two firings within one would have the same id.
    private static async Task NextSecondAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.1));
        await timer.WaitForNextTickAsync(Scenario.CancellationToken);
    }

    private static Task<ScheduleHandle> CreateAsync(Scenario t, string label, ScheduleSpec spec, ScheduleState? state = null, SchedulePolicy? policy = null, string type = "noop") =>
        t.Client.CreateScheduleAsync(
            t.Name(label),
            new(ScheduleActionStartWorkflow.Create(type, type == "noop" ? ["scheduled"] : [], new WorkflowOptions(t.Name(label == "s" ? "run" : $"{label}-run"), t.Queue)), spec) { State = state ?? new(), Policy = policy ?? new() });

    private static object State(ScheduleDescription description) => new { notes = description.Schedule.State.Note, paused = description.Schedule.State.Paused ? true : (bool?)null };

    private static string Running(ScheduleInfo info) => ((ScheduleActionExecutionStartWorkflow)info.RunningActions.Single()).WorkflowId;

    /// <summary>Triggers under the schedule's own policy, which the SDK's trigger would override.</summary>
    private static Task TriggerAsync(Scenario t, string label) => t.Service.PatchScheduleAsync(
        new() { Namespace = "default", ScheduleId = t.Name(label), Patch = new() { TriggerImmediately = new() }, Identity = "conformance-client", RequestId = Guid.NewGuid().ToString() });

    private static async Task<Api.Schedule.V1.ScheduleInfo> RawAsync(Scenario t, string label) =>
        (await t.Service.DescribeScheduleAsync(new() { Namespace = "default", ScheduleId = t.Name(label) })).Info;

    private static Task UntilAsync(ScheduleHandle handle, Func<ScheduleInfo, bool> condition) =>
        Eventually.TrueAsync(async () => condition((await handle.DescribeAsync()).Info), Scenario.CancellationToken);

    private static async Task<List<string>> RunsAsync(Scenario t, int least)
    {
        var ids = new List<string>();
        await Eventually.TrueAsync(
            async () =>
            {
                ids = await t.Client.ListWorkflowsAsync($"TaskQueue = '{t.Queue}'").Select(e => e.Id).ToListAsync(Scenario.CancellationToken);
                return ids.Count >= least;
            },
            Scenario.CancellationToken);
        return ids;
    }
}
