using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Mainstay.Orchestrator.V1;
using Task = System.Threading.Tasks.Task;
using TaskStatus = Mainstay.Orchestrator.V1.TaskStatus;

namespace Mainstay.Orchestrator.Tests.Approvals;

public sealed class DecideToolCallTests(OrchestratorFixture orchestrator)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ApproveToolCall_OfAWaitingCall_LetsItBeMade()
    {
        var team = await orchestrator.TeamAsync("write");
        var taskId = await team.StartAsync();
        var pending = await team.PendingAsync(taskId);
        var waiting = await team.GetAsync(taskId);

        await ApproveAsync(team, taskId, pending);
        var events = await team.WatchAsync(taskId);

        Assert.Equal(TaskStatus.WaitingForApproval, waiting.Status);
        Assert.Equal("report.txt", pending.Arguments.Fields["path"].StringValue);
        Assert.Contains("writing-needs-a-person", pending.Reason, StringComparison.Ordinal);
        Assert.Equal("pass", (await team.GetAsync(taskId)).Result.StructValue.Fields["verdict"].StringValue);
        Assert.Equal("approved", Assert.Single(events, taskEvent => taskEvent.Type == "human_approval.received").Data.Fields["decision"].StringValue);
        Assert.Equal("all is well", await File.ReadAllTextAsync(Path.Combine(orchestrator.Workspace, "report.txt"), Cancellation));

        // The call that needs no person did not wait for the one that does.
        var types = events.Select(taskEvent => taskEvent.Type).ToList();
        Assert.True(types.IndexOf("tool_call.completed") < types.IndexOf("human_approval.received"));
    }

    [Fact]
    public async Task ApproveToolCall_OtherArguments_IsRefusedAndTheCallWaitsOn()
    {
        var team = await orchestrator.TeamAsync("write");
        var taskId = await team.StartAsync();
        var pending = await team.PendingAsync(taskId);
        var other = pending.Clone();
        other.ArgumentsDigest = new string('0', 64);

        var refusal = await Assert.ThrowsAsync<RpcException>(() => ApproveAsync(team, taskId, other));

        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.Equal("ORCHESTRATOR_ERROR_REASON_ARGUMENTS_CHANGED", refusal.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Type);
        Assert.Single((await team.GetAsync(taskId)).PendingApprovals);
    }

    [Fact]
    public async Task ApproveToolCall_DecidedAlready_IsRefused()
    {
        var team = await orchestrator.TeamAsync("write");
        var taskId = await team.StartAsync();
        var pending = await team.PendingAsync(taskId);
        await ApproveAsync(team, taskId, pending);

        var refusal = await Assert.ThrowsAsync<RpcException>(() => ApproveAsync(team, taskId, pending));

        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
    }

    [Fact]
    public async Task ApproveToolCall_WithoutTheScope_IsRefused()
    {
        var team = await orchestrator.TeamAsync("write");
        var taskId = await team.StartAsync();
        var pending = await team.PendingAsync(taskId);
        var runner = team.TasksAs("bob", "tasks:run");

        var refusal = await Assert.ThrowsAsync<RpcException>(() => runner.ApproveToolCallAsync(
            new ApproveToolCallRequest { TaskId = taskId, ToolCallId = pending.ToolCallId, ArgumentsDigest = pending.ArgumentsDigest }, cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
    }

    [Fact]
    public async Task RejectToolCall_OfAWaitingCall_IsToldToTheAgent()
    {
        var team = await orchestrator.TeamAsync("write");
        var taskId = await team.StartAsync();
        var pending = await team.PendingAsync(taskId);

        await team.Tasks.RejectToolCallAsync(new RejectToolCallRequest { TaskId = taskId, ToolCallId = pending.ToolCallId, Reason = "not today" }, cancellationToken: Cancellation);
        await team.WatchAsync(taskId);

        Assert.Equal("refused by a person", (await team.GetAsync(taskId)).Result.StructValue.Fields["verdict"].StringValue);
    }

    [Fact]
    public async Task Approval_NobodyDecidesInTime_CountsAsRejected()
    {
        var team = await orchestrator.TeamAsync("write", agent => agent.Limits = new RunLimits { ApprovalTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) });

        var (task, events) = await team.RunAsync();

        Assert.Equal("refused by a person", task.Result.StructValue.Fields["verdict"].StringValue);
        Assert.Equal("expired", Assert.Single(events, taskEvent => taskEvent.Type == "human_approval.received").Data.Fields["decision"].StringValue);
    }

    private static async Task ApproveAsync(TestTeam team, string taskId, PendingApproval pending) => await team.Tasks.ApproveToolCallAsync(
        new ApproveToolCallRequest { TaskId = taskId, ToolCallId = pending.ToolCallId, ArgumentsDigest = pending.ArgumentsDigest, Comment = "fine" },
        cancellationToken: Cancellation);
}
