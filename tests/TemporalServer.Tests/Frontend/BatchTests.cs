using Grpc.Core;
using Mainstay.Testing;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using TemporalServer.Tests.Durability;

namespace TemporalServer.Tests.Frontend;

/// <summary>Operations on all the runs that a query finds.</summary>
public sealed class BatchTests(SharedServer server) : IClassFixture<SharedServer>
{
    private const int Workflows = 120;

    [Fact]
    public async Task StartBatchOperation_Terminate_EndsEveryOpenRunOfTheQuery()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var client = new RawClient(server.Address);
        await StartAllAsync(client, "terminated", cancellationToken);
        await client.Service.StartBatchOperationAsync(Batch("terminated", request => request.TerminationOperation = new() { Identity = "operator" }), cancellationToken: cancellationToken);

        var progress = await EndedAsync(client, "terminated", cancellationToken);
        Assert.Equal((BatchOperationState.Completed, Workflows, Workflows, 0), (progress.State, progress.TotalOperationCount, progress.CompleteOperationCount, progress.FailureOperationCount));
        Assert.Equal(Workflows, await CountAsync(client, "TaskQueue = 'terminated' AND ExecutionStatus = 'Terminated'", cancellationToken));
    }

    [Fact]
    public async Task StartBatchOperation_Delete_LeavesNoTrace()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var client = new RawClient(server.Address);
        await StartAllAsync(client, "deleted", cancellationToken);
        await client.Service.StartBatchOperationAsync(Batch("deleted", request => request.DeletionOperation = new()), cancellationToken: cancellationToken);
        await EndedAsync(client, "deleted", cancellationToken);

        Assert.Equal(0, await CountAsync(client, "TaskQueue = 'deleted'", cancellationToken));
        var refusal = await Assert.ThrowsAsync<RpcException>(
            async () => await client.Service.DescribeWorkflowExecutionAsync(new() { Namespace = RawClient.Namespace, Execution = new() { WorkflowId = "deleted-0" } }, cancellationToken: cancellationToken));
        Assert.Equal(StatusCode.NotFound, refusal.StatusCode);
    }

    [Fact]
    public async Task StartBatchOperation_Signal_ReachesEachRunOnce()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var client = new RawClient(server.Address);
        await StartAllAsync(client, "signalled", cancellationToken);
        await client.Service.StartBatchOperationAsync(Batch("signalled", request => request.SignalOperation = new() { Signal = "go" }), cancellationToken: cancellationToken);
        await EndedAsync(client, "signalled", cancellationToken);

        for (var i = 0; i < Workflows; i++)
        {
            Assert.Single(await client.HistoryAsync($"signalled-{i}", cancellationToken), e => e.EventType == EventType.WorkflowExecutionSignaled);
        }
    }

    [Fact]
    public async Task StartBatchOperation_JobIdInUse_IsRefused()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var client = new RawClient(server.Address);
        var batch = Batch("twice", request => request.CancellationOperation = new());
        await client.Service.StartBatchOperationAsync(batch, cancellationToken: cancellationToken);

        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await client.Service.StartBatchOperationAsync(batch, cancellationToken: cancellationToken));
        Assert.Equal(StatusCode.AlreadyExists, refusal.StatusCode);
    }

    private static Task StartAllAsync(RawClient client, string queue, CancellationToken cancellationToken) =>
        Parallel.ForAsync(0, Workflows, cancellationToken, async (i, token) => await client.StartAsync($"{queue}-{i}", queue, token));

    private static StartBatchOperationRequest Batch(string queue, Action<StartBatchOperationRequest> operation)
    {
        var request = new StartBatchOperationRequest { Namespace = RawClient.Namespace, JobId = queue, Reason = "a test", VisibilityQuery = $"TaskQueue = '{queue}'" };
        operation(request);
        return request;
    }

    private static async Task<DescribeBatchOperationResponse> EndedAsync(RawClient client, string jobId, CancellationToken cancellationToken)
    {
        DescribeBatchOperationResponse progress = new();
        await Eventually.TrueAsync(
            async () =>
            {
                progress = await client.Service.DescribeBatchOperationAsync(new() { Namespace = RawClient.Namespace, JobId = jobId }, cancellationToken: cancellationToken);
                return progress.State != BatchOperationState.Running;
            },
            cancellationToken);
        return progress;
    }

    private static async Task<long> CountAsync(RawClient client, string query, CancellationToken cancellationToken) =>
        (await client.Service.CountWorkflowExecutionsAsync(new() { Namespace = RawClient.Namespace, Query = query }, cancellationToken: cancellationToken)).Count;
}
