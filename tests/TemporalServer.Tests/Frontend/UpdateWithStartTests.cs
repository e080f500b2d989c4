using Grpc.Core;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.WorkflowService.V1;
using TemporalServer.Tests.Durability;

namespace TemporalServer.Tests.Frontend;

/// <summary>Starts that bring an update along.</summary>
public sealed class UpdateWithStartTests(SharedServer server) : IClassFixture<SharedServer>
{
    private const int Starts = 50;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_WorkerWaitingForTheRun_GetsTheUpdateWithTheFirstTask()
    {
        using var client = new RawClient(server.Address);
        for (var i = 0; i < Starts; i++)
        {
            using var given = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var polling = client.TaskAsync("together", Token);
            var asked = client.Service.ExecuteMultiOperationAsync(Ask($"together-{i}"), cancellationToken: given.Token).ResponseAsync;
            var task = await polling;
            Assert.Equal("first", Assert.Single(task.Messages).ProtocolInstanceId);
            await given.CancelAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => asked);
            await client.Service.RespondWorkflowTaskCompletedAsync(new() { Namespace = RawClient.Namespace, TaskToken = task.TaskToken, Commands = { Commands.Complete() } }, cancellationToken: Token);
        }
    }

    [Fact]
    public async Task Start_OfAnIdInUse_IsRefusedAsOneOfTwoOperations()
    {
        using var client = new RawClient(server.Address);
        await client.StartAsync("in-use", "nobody", Token);
        var (refusal, operations) = await RefusedAsync(client, Ask("in-use", request: "another"));

        Assert.Equal((StatusCode.AlreadyExists, "Update-with-Start could not be executed."), (refusal.StatusCode, refusal.Status.Detail));
        Assert.Equal([(int)StatusCode.AlreadyExists, (int)StatusCode.Aborted], operations.Select(o => o.Code));
        Assert.True(operations[0].Details[0].Is(WorkflowExecutionAlreadyStartedFailure.Descriptor));
        Assert.True(operations[1].Details[0].Is(Temporalio.Api.Failure.V1.MultiOperationExecutionAborted.Descriptor));
    }

    public static TheoryData<Action<StartWorkflowExecutionRequest, UpdateWorkflowExecutionRequest>, string> Wrong => new()
    {
        { (start, _) => start.CronSchedule = "* * * * *", "CronSchedule is not allowed." },
        { (start, _) => start.RequestEagerExecution = true, "RequestEagerExecution is not supported." },
        { (start, _) => start.WorkflowStartDelay = new() { Seconds = 1 }, "WorkflowStartDelay is not supported." },
        { (start, _) => start.WorkflowType = null, "WorkflowType is not set on request." },
        { (_, update) => update.WorkflowExecution.RunId = Guid.Empty.ToString(), "RunId is not allowed." },
        { (_, update) => update.FirstExecutionRunId = "first", "FirstExecutionRunId is not allowed." },
        { (_, update) => update.WorkflowExecution.WorkflowId = "other", "WorkflowId is not consistent with previous operation(s)." },
        { (_, update) => update.Namespace = "elsewhere", "Operation namespace did not match request's namespace." },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public async Task Operation_ThatMayNotBeAskedForTogether_IsRefused(Action<StartWorkflowExecutionRequest, UpdateWorkflowExecutionRequest> change, string expected)
    {
        using var client = new RawClient(server.Address);
        var request = Ask("never");
        change(request.Operations[0].StartWorkflow, request.Operations[1].UpdateWorkflow);
        var (refusal, operations) = await RefusedAsync(client, request);
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.Equal(expected, Assert.Single(operations, o => o.Code == (int)StatusCode.InvalidArgument).Message);
    }

    [Fact]
    public async Task Repetition_AfterTheRunHasEnded_IsAnsweredWithTheOutcomeAndStartsNothing()
    {
        using var client = new RawClient(server.Address);
        var asked = client.Service.ExecuteMultiOperationAsync(Ask("answered"), cancellationToken: Token).ResponseAsync;
        var task = await client.TaskAsync("together", Token);
        await client.Service.RespondWorkflowTaskCompletedAsync(UpdateMessages.Answer(task, "first", Commands.Complete()), cancellationToken: Token);
        var first = await asked;

        var again = await client.Service.ExecuteMultiOperationAsync(Ask("answered"), cancellationToken: Token);
        Assert.Equal(first.Responses[0].StartWorkflow.RunId, again.Responses[0].StartWorkflow.RunId);
        Assert.False(again.Responses[0].StartWorkflow.Started);
        Assert.NotNull(again.Responses[1].UpdateWorkflow.Outcome.Success);
    }

    private static async Task<(RpcException Refusal, IList<MultiOperationExecutionFailure.Types.OperationStatus> Operations)> RefusedAsync(RawClient client, ExecuteMultiOperationRequest request)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await client.Service.ExecuteMultiOperationAsync(request, cancellationToken: Token));
        var status = Google.Rpc.Status.Parser.ParseFrom(refusal.Trailers.GetValueBytes("grpc-status-details-bin"));
        return (refusal, Assert.Single(status.Details).Unpack<MultiOperationExecutionFailure>().Statuses);
    }

    private static ExecuteMultiOperationRequest Ask(string workflowId, string? request = null) => new()
    {
        Namespace = RawClient.Namespace,
        Operations =
        {
            new ExecuteMultiOperationRequest.Types.Operation
            {
                StartWorkflow = new() { Namespace = RawClient.Namespace, WorkflowId = workflowId, WorkflowType = new() { Name = "raw" }, TaskQueue = new() { Name = "together" }, RequestId = request ?? workflowId },
            },
            new ExecuteMultiOperationRequest.Types.Operation
            {
                UpdateWorkflow = new()
                {
                    Namespace = RawClient.Namespace,
                    WorkflowExecution = new() { WorkflowId = workflowId },
                    WaitPolicy = new() { LifecycleStage = UpdateWorkflowExecutionLifecycleStage.Completed },
                    Request = new() { Meta = new() { UpdateId = "first" }, Input = new() { Name = "set" } },
                },
            },
        },
    };
}
