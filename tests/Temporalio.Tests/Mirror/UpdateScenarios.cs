using Temporalio.Activities;
using Temporalio.Client;

namespace Temporalio.Tests.Mirror;

public sealed class UpdateScenarios(MirrorServer server)
{
    [Theory]
    [InlineData("update-completed")]
    [InlineData("update-activity")]
    [InlineData("update-rejected")]
    [InlineData("update-failing-handler")]
    [InlineData("update-unknown")]
    public async Task Update_OfARunningWorkflow_WritesTheGoldenHistory(string name)
    {
        await using var t = new Scenario(server.Client, name);
        await t.WorkerAsync([Activity("double")] (int number) => number * 2);
        var handle = await t.StartAsync("updated");
        await handle.QueryAsync<object>("state", []);
        Task Update(string update, object asked) => handle.ExecuteUpdateAsync<object>(update, update == "change" ? [asked] : [], new() { Id = "u1" });
        switch (name)
        {
            case "update-completed":
                await Update("change", new { value = "x" });
                break;
            case "update-activity":
                await Update("change", new { activity = "double", value = 4 });
                break;
            case "update-rejected":
                await Assert.ThrowsAsync<Exceptions.WorkflowUpdateFailedException>(() => Update("change", new { reject = true }));
                break;
            case "update-failing-handler":
                await Assert.ThrowsAsync<Exceptions.WorkflowUpdateFailedException>(() => Update("change", new { fail = true }));
                break;
            default:
                await Assert.ThrowsAsync<Exceptions.WorkflowUpdateFailedException>(() => Update("no-such-update", new { }));
                break;
        }

        await handle.SignalAsync("go", []);
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Updates_TwoUnderWay_EndInTheirOwnOrder()
    {
        await using var t = new Scenario(server.Client, "update-two-overlap");
        await t.WorkerAsync();
        var handle = await t.StartAsync("updated");
        await handle.QueryAsync<object>("state", []);
        var first = await handle.StartUpdateAsync<object>("change", [new { wait = "open", value = "first" }], new(WorkflowUpdateStage.Accepted) { Id = "u1" });
        await handle.ExecuteUpdateAsync<object>("change", [new { value = "second" }], new() { Id = "u2" });
        await handle.SignalAsync("add", ["open"]);
        await first.GetResultAsync();
        await handle.SignalAsync("go", []);
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Update_SameIdAgain_GivesTheSameOutcomeAndNoEvent()
    {
        await using var t = new Scenario(server.Client, "update-wait-accepted");
        await t.WorkerAsync();
        var handle = await t.StartAsync("updated");
        await handle.QueryAsync<object>("state", []);
        var update = await handle.StartUpdateAsync<object>("change", [new { wait = "open", value = "v" }], new(WorkflowUpdateStage.Accepted) { Id = "u1" });
        await t.UntilEventAsync(handle.Id, EventType.WorkflowExecutionUpdateAccepted);
        await handle.SignalAsync("add", ["open"]);
        await update.GetResultAsync();
        await handle.ExecuteUpdateAsync<object>("change", [new { value = "other" }], new() { Id = "u1" });
        await handle.SignalAsync("go", []);
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task UpdateWithStart_OfANewWorkflow_IsInItsFirstTask()
    {
        await using var t = new Scenario(server.Client, "update-with-start");
        await t.WorkerAsync();
        var start = WithStartWorkflowOperation.Create("updated", [], new WorkflowOptions(t.Name("main"), t.Queue) { IdConflictPolicy = WorkflowIdConflictPolicy.Fail });
        t.Fact("outcome", await t.Client.ExecuteUpdateWithStartWorkflowAsync<object>("change", [new { value = 1 }], new(start) { Id = "u1" }));
        var handle = await start.GetHandleAsync();
        await handle.SignalAsync("go", []);
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Update_ToAClosedWorkflow_IsRefused()
    {
        await using var t = new Scenario(server.Client, "update-closed");
        await t.WorkerAsync();
        var handle = await t.StartAsync("noop");
        await Scenario.EndAsync(handle);
        var refused = await Assert.ThrowsAsync<Exceptions.RpcException>(() => handle.ExecuteUpdateAsync<object>("change", [], new() { Id = "u1" }));
        Assert.Equal(Exceptions.RpcException.StatusCode.NotFound, refused.Code);
        await t.CallAsync("poll", () => t.Service.PollWorkflowExecutionUpdateAsync(new()
        {
            Namespace = "default",
            UpdateRef = new() { WorkflowExecution = new() { WorkflowId = handle.Id }, UpdateId = "none" },
            WaitPolicy = new() { LifecycleStage = UpdateWorkflowExecutionLifecycleStage.Completed },
        }));
    }

    [Fact]
    public async Task Update_WorkflowEndsMeanwhile_FailsTheWaitingCaller()
    {
        await using var t = new Scenario(server.Client, "update-workflow-closes");
        await t.WorkerAsync();
        var handle = await t.StartAsync("updated");
        await handle.QueryAsync<object>("state", []);
        var update = await handle.StartUpdateAsync<object>("change", [new { wait = "never", value = "v" }], new(WorkflowUpdateStage.Accepted) { Id = "u1" });
        await handle.TerminateAsync("stop");
        var failed = await Assert.ThrowsAsync<Exceptions.WorkflowUpdateFailedException>(() => update.GetResultAsync());
        Assert.Equal("AcceptedUpdateCompletedWorkflow", Assert.IsType<Exceptions.ApplicationFailureException>(failed.InnerException).ErrorType);
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }
}
