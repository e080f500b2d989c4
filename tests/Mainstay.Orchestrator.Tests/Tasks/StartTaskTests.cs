using Grpc.Core;
using Mainstay.Orchestrator.V1;

namespace Mainstay.Orchestrator.Tests.Tasks;

public sealed class StartTaskTests(OrchestratorFixture orchestrator)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async System.Threading.Tasks.Task StartTask_RequestIdRepeated_ReturnsTheSameTask()
    {
        var team = await orchestrator.TeamAsync("answer");
        var request = team.NewTask();

        var started = await System.Threading.Tasks.Task.WhenAll(Enumerable.Range(0, 4).Select(_ => team.StartAsync(request)));

        Assert.Single(started.Distinct());
        Assert.Single((await team.Tasks.ListTasksAsync(new ListTasksRequest(), cancellationToken: Cancellation)).Tasks);
    }

    [Fact]
    public async System.Threading.Tasks.Task StartTask_RequestIdOfAnotherRequest_IsRefused()
    {
        var team = await orchestrator.TeamAsync("answer");
        var request = team.NewTask();
        await team.StartAsync(request);
        request.Goal = "Something else.";

        await RefusedAsync(() => team.StartAsync(request), StatusCode.AlreadyExists, "ORCHESTRATOR_ERROR_REASON_REQUEST_ID_REUSED");
    }

    [Fact]
    public async System.Threading.Tasks.Task StartTask_UnknownAgent_IsRefused()
    {
        var team = await orchestrator.TeamAsync("answer");
        var request = team.NewTask();
        request.AgentId = "nobody";

        await RefusedAsync(() => team.StartAsync(request), StatusCode.NotFound, "ORCHESTRATOR_ERROR_REASON_AGENT_NOT_FOUND");
    }

    [Theory]
    [InlineData("", "request_id")]
    [InlineData("not-a-uuid", "request_id")]
    public async System.Threading.Tasks.Task StartTask_RequestIdIsNoUuid_IsRefusedByField(string requestId, string field)
    {
        var team = await orchestrator.TeamAsync("answer");
        var request = team.NewTask();
        request.RequestId = requestId;

        var refusal = await RefusedAsync(() => team.StartAsync(request), StatusCode.InvalidArgument, "ORCHESTRATOR_ERROR_REASON_FIELD_INVALID");

        Assert.Equal(field, Assert.Single(refusal.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations).Field);
    }

    [Fact]
    public async System.Threading.Tasks.Task StartTask_GoalTooLong_IsRefused()
    {
        var team = await orchestrator.TeamAsync("answer");
        var request = team.NewTask();
        request.Goal = new string('x', 64 * 1024 + 1);

        await RefusedAsync(() => team.StartAsync(request), StatusCode.InvalidArgument, "ORCHESTRATOR_ERROR_REASON_FIELD_INVALID");
    }

    [Fact]
    public async System.Threading.Tasks.Task StartTask_ScopeMissing_IsRefused()
    {
        var team = await orchestrator.TeamAsync("answer");
        var reader = team.TasksAs("bob", "audit:read");

        await RefusedAsync(() => reader.StartTaskAsync(team.NewTask(), cancellationToken: Cancellation).ResponseAsync, StatusCode.PermissionDenied, "ORCHESTRATOR_ERROR_REASON_ROLE_MISSING");
    }

    [Fact]
    public async System.Threading.Tasks.Task GetTask_OfAnotherTeam_DoesNotExist()
    {
        var team = await orchestrator.TeamAsync("answer");
        var taskId = await team.StartAsync();
        var stranger = team.TasksAs("eve", OrchestratorFixture.Scopes, "another-team");

        await RefusedAsync(() => stranger.GetTaskAsync(new GetTaskRequest { TaskId = taskId }, cancellationToken: Cancellation).ResponseAsync, StatusCode.NotFound, "ORCHESTRATOR_ERROR_REASON_TASK_NOT_FOUND");
        Assert.Empty((await stranger.ListTasksAsync(new ListTasksRequest(), cancellationToken: Cancellation)).Tasks);
    }

    [Fact]
    public async System.Threading.Tasks.Task ListTasks_PageByPage_ListsEachOnceNewestFirst()
    {
        var team = await orchestrator.TeamAsync("answer");
        var started = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            started.Add(await team.StartAsync());
        }

        var first = await team.Tasks.ListTasksAsync(new ListTasksRequest { PageSize = 2 }, cancellationToken: Cancellation);
        var second = await team.Tasks.ListTasksAsync(new ListTasksRequest { PageSize = 2, PageToken = first.NextPageToken }, cancellationToken: Cancellation);

        Assert.Equal(Enumerable.Reverse(started), first.Tasks.Concat(second.Tasks).Select(task => task.TaskId));
        Assert.Empty(second.NextPageToken);
    }

    private static async Task<RpcException> RefusedAsync(Func<System.Threading.Tasks.Task> call, StatusCode code, string reason)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(code, refusal.StatusCode);
        Assert.Equal(reason, refusal.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!.Type);
        return refusal;
    }
}
