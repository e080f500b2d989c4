using Mainstay.Testing;
using Temporalio.Client;
using Temporalio.Client.Schedules;
using Temporalio.Exceptions;

namespace Temporalio.Tests.Mirror;

public sealed class ScheduleScenarios(MirrorServer server)
{
    private static readonly ScheduleSpec Never = new() { Intervals = [new(TimeSpan.FromDays(365))] };

    [Fact]
    public async Task Trigger_StartsTheGoldenWorkflow()
    {
        await using var t = new Scenario(server.Client, "schedule-trigger");
        await t.WorkerAsync();
        var handle = await t.Client.CreateScheduleAsync(t.Name("s"), new(Start(t), Never) { State = new() { Note = "a note" } }, new() { Memo = new Dictionary<string, object> { ["m"] = 1 } });
        var description = await handle.DescribeAsync();
        Assert.Equal(("a note", 10, ScheduleOverlapPolicy.Skip), (description.Schedule.State.Note, description.Info.NextActionTimes.Count, description.Schedule.Policy.Overlap));
        Assert.Equal(1, await description.Memo["m"].ToValueAsync<int>());

        await handle.TriggerAsync();
        await Eventually.TrueAsync(async () => (await handle.DescribeAsync()).Info is { NumActions: 1, RunningActions.Count: 0 }, Scenario.CancellationToken);
        var started = (ScheduleActionExecutionStartWorkflow)(await handle.DescribeAsync()).Info.RecentActions.Single().Action;
        t.History("scheduled workflow", started.WorkflowId);
        await t.MatchesAsync();

        await handle.DeleteAsync();
        Assert.Equal(RpcException.StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => handle.DescribeAsync())).Code);
    }

    [Fact]
    public async Task Create_IdInUse_SaysSo()
    {
        await using var t = new Scenario(server.Client, "schedule-duplicate-id");
        await t.Client.CreateScheduleAsync(t.Name("s"), new(Start(t), Never));
        await Assert.ThrowsAsync<ScheduleAlreadyRunningException>(() => t.Client.CreateScheduleAsync(t.Name("s"), new(Start(t), Never)));
    }

    [Fact]
    public async Task Update_ChangesActionAndSpec_AndKeepsTheRest()
    {
        await using var t = new Scenario(server.Client, "schedule-list-update");
        await t.WorkerAsync();
        var spec = new ScheduleSpec { Calendars = [new() { Hour = [new(3)], Minute = [new(30)], DayOfWeek = [new(1)] }] };
        var handle = await t.Client.CreateScheduleAsync(t.Name("s"), new(Start(t), spec));
        var listed = await t.Client.ListSchedulesAsync().FirstAsync(schedule => schedule.Id == t.Name("s"), Scenario.CancellationToken);
        Assert.Equal(("noop", 5), (((ScheduleListActionStartWorkflow)listed.Schedule!.Action).Workflow, listed.Info!.NextActionTimes.Count));

        await handle.UpdateAsync(input => new ScheduleUpdate(input.Description.Schedule with
        {
            Spec = new() { Intervals = [new(TimeSpan.FromHours(2), TimeSpan.FromMinutes(5))] },
            Action = (ScheduleActionStartWorkflow)input.Description.Schedule.Action with { Args = ["changed"] },
        }));
        var changed = (await handle.DescribeAsync()).Schedule;
        Assert.Equal(new ScheduleIntervalSpec(TimeSpan.FromHours(2), TimeSpan.FromMinutes(5)), Assert.Single(changed.Spec.Intervals));
        await handle.TriggerAsync();
        await Eventually.TrueAsync(async () => (await handle.DescribeAsync()).Info is { NumActions: 1, RunningActions.Count: 0 }, Scenario.CancellationToken);
        var started = (ScheduleActionExecutionStartWorkflow)(await handle.DescribeAsync()).Info.RecentActions.Single().Action;
        Assert.Equal("changed", await t.Client.GetWorkflowHandle(started.WorkflowId).GetResultAsync<string>());
    }

    [Fact]
    public async Task Pause_Backfill_Unpause_DoWhatTheySay()
    {
        await using var t = new Scenario(server.Client, "schedule-backfill");
        await t.WorkerAsync();
        var handle = await t.Client.CreateScheduleAsync(t.Name("s"), new(Start(t), new() { Intervals = [new(TimeSpan.FromMinutes(1))] }) { State = new() { Paused = true } });
        var begin = new DateTime(2001, 1, 1, 0, 0, 30, DateTimeKind.Utc);
        await handle.BackfillAsync([new(begin, begin.AddMinutes(4), ScheduleOverlapPolicy.AllowAll)]);
        await Eventually.TrueAsync(async () => (await handle.DescribeAsync()).Info.NumActions == 4, Scenario.CancellationToken);
        await handle.UnpauseAsync("go on");
        Assert.Equal(("go on", false), await StateAsync(handle));
        await handle.PauseAsync();
        Assert.Equal(("Paused via .NET SDK", true), await StateAsync(handle));
    }

    private static async Task<(string? Note, bool Paused)> StateAsync(ScheduleHandle handle) =>
        (await handle.DescribeAsync()).Schedule.State is var state ? (state.Note, state.Paused) : default;

    private static ScheduleActionStartWorkflow Start(Scenario t) => ScheduleActionStartWorkflow.Create("noop", ["scheduled"], new WorkflowOptions(t.Name("run"), t.Queue));
}
