using Grpc.Core;
using Mainstay.Orchestrator.V1;
using Mainstay.Testing;
using Task = System.Threading.Tasks.Task;
using TaskStatus = Mainstay.Orchestrator.V1.TaskStatus;

namespace Mainstay.Orchestrator.Tests.Tasks;

public sealed class SteerTaskTests(OrchestratorFixture orchestrator)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CancelTask_Running_EndsAsCancelled()
    {
        var team = await orchestrator.TeamAsync("endless", Rich);
        var taskId = await team.StartAsync();

        await team.Tasks.CancelTaskAsync(new CancelTaskRequest { TaskId = taskId, Reason = "changed my mind" }, cancellationToken: Cancellation);
        var events = await team.WatchAsync(taskId);

        var task = await team.GetAsync(taskId);
        Assert.Equal((TaskStatus.Cancelled, TerminationReason.Cancelled), (task.Status, task.TerminationReason));
        Assert.Equal("workflow.cancelled", events[^1].Type);
        var again = await Assert.ThrowsAsync<RpcException>(() => team.Tasks.CancelTaskAsync(new CancelTaskRequest { TaskId = taskId }, cancellationToken: Cancellation).ResponseAsync);
        Assert.Equal(StatusCode.FailedPrecondition, again.StatusCode);
    }

    [Fact]
    public async Task CancelTask_WaitingForAPerson_WithdrawsTheApproval()
    {
        var team = await orchestrator.TeamAsync("write");
        var taskId = await team.StartAsync();
        await team.PendingAsync(taskId);

        await team.Tasks.CancelTaskAsync(new CancelTaskRequest { TaskId = taskId }, cancellationToken: Cancellation);
        await team.WatchAsync(taskId);

        var task = await team.GetAsync(taskId);
        Assert.Equal(TaskStatus.Cancelled, task.Status);
        Assert.Empty(task.PendingApprovals);
    }

    [Fact]
    public async Task PauseTask_Running_StandsStillUntilItIsResumed()
    {
        var team = await orchestrator.TeamAsync("endless", Rich);
        var taskId = await team.StartAsync();

        await team.Tasks.PauseTaskAsync(new PauseTaskRequest { TaskId = taskId, Reason = "lunch" }, cancellationToken: Cancellation);
        await Eventually.TrueAsync(async () => (await team.GetAsync(taskId)).Status == TaskStatus.Paused, Cancellation);
        await team.Tasks.ResumeTaskAsync(new ResumeTaskRequest { TaskId = taskId }, cancellationToken: Cancellation);
        await Eventually.TrueAsync(async () => (await team.GetAsync(taskId)).Status == TaskStatus.Running, Cancellation);
        await team.Tasks.CancelTaskAsync(new CancelTaskRequest { TaskId = taskId }, cancellationToken: Cancellation);

        var types = (await team.WatchAsync(taskId)).Select(taskEvent => taskEvent.Type).ToList();
        Assert.Contains("workflow.paused", types);
        Assert.True(types.IndexOf("workflow.resumed") > types.IndexOf("workflow.paused"));
    }

    // Enough money never to stop by itself within a test.
    private static void Rich(Agent agent) => agent.Limits = new RunLimits { BudgetMicroUsd = long.MaxValue / 2, MaxIterations = 1000 };
}
