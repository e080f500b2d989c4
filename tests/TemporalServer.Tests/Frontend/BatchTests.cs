using Grpc.Core;
using Mainstay.Testing;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Workflow.V1;
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

    [Fact]
    public async Task StartBatchOperation_Reset_BeginsEachRunAgainOnce()
    {
        const int Few = 8;
        var cancellationToken = TestContext.Current.CancellationToken;
        using var client = new RawClient(server.Address);
        await Parallel.ForAsync(0, Few, cancellationToken, async (i, token) => await client.StartAsync($"reset-{i}", "reset", token, taskSeconds: 60));
        for (var i = 0; i < Few; i++)
        {
            await client.WorkAsync("reset", cancellationToken, Commands.Complete());
        }

        await client.Service.StartBatchOperationAsync(
            Batch("reset", request => request.ResetOperation = new() { Options = new() { FirstWorkflowTask = new() }, PostResetOperations = { new PostResetOperation { SignalWorkflow = new() { SignalName = "again" } } } }),
            cancellationToken: cancellationToken);
        var progress = await EndedAsync(client, "reset", cancellationToken);
        Assert.Equal(("Reset", Few, 0), ($"{progress.OperationType}", progress.CompleteOperationCount, progress.FailureOperationCount));
        Assert.Equal(Few, await CountAsync(client, "TaskQueue = 'reset' AND ExecutionStatus = 'Running'", cancellationToken));
        Assert.Equal(Few, await CountAsync(client, "TaskQueue = 'reset' AND ExecutionStatus = 'Completed'", cancellationToken));
        Assert.Single(await client.HistoryAsync("reset-0", cancellationToken), e => e.WorkflowExecutionSignaledEventAttributes?.SignalName == "again");
    }

    [Fact]
    public async Task StartBatchOperation_UpdateOptions_GivesEachRunThePriority()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var client = new RawClient(server.Address);
        await client.StartAsync("urgent-0", "urgent", cancellationToken);
        await client.StartAsync("urgent-1", "urgent", cancellationToken);
        await client.Service.StartBatchOperationAsync(
            Batch("urgent", request => request.UpdateWorkflowOptionsOperation = new() { WorkflowExecutionOptions = new() { Priority = new() { PriorityKey = 1 } }, UpdateMask = new() { Paths = { "priority" } } }),
            cancellationToken: cancellationToken);
        await EndedAsync(client, "urgent", cancellationToken);
        var updated = Assert.Single(await client.HistoryAsync("urgent-1", cancellationToken), e => e.EventType == EventType.WorkflowExecutionOptionsUpdated);
        Assert.Equal(1, updated.WorkflowExecutionOptionsUpdatedEventAttributes.Priority.PriorityKey);
    }

    [Fact]
    public async Task StartBatchOperation_OfVersions_IsRefusedAtOnce()
    {
        using var client = new RawClient(server.Address);
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await client.Service.StartBatchOperationAsync(
            Batch("versions", request => request.UpdateWorkflowOptionsOperation = new() { WorkflowExecutionOptions = new() { VersioningOverride = new() { AutoUpgrade = true } }, UpdateMask = new() { Paths = { "versioning_override" } } }),
            cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal((StatusCode.Unimplemented, "This server does not change the option versioning_override of a workflow."), (refusal.StatusCode, refusal.Status.Detail));
    }

    [Fact]
    public async Task StartBatchOperation_OnActivities_PausesNobodyElses()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var client = new RawClient(server.Address);
        await using var activities = await WaitingActivities.StartAsync(client, "batched", cancellationToken, "measure", "weigh");
        foreach (var type in new[] { "measure", "weigh" })
        {
            await client.Service.PauseActivityAsync(new() { Namespace = RawClient.Namespace, Execution = new() { WorkflowId = "batched" }, Type = type }, cancellationToken: cancellationToken);
        }

        await client.Service.StartBatchOperationAsync(Batch("batched", request => request.UnpauseActivitiesOperation = new() { Type = "weigh" }), cancellationToken: cancellationToken);
        await EndedAsync(client, "batched", cancellationToken);
        Assert.Equal([("measure", PendingActivityState.Paused), ("weigh", PendingActivityState.Scheduled)], (await activities.PendingAsync()).Select(a => (a.ActivityType.Name, a.State)));

        var update = Batch("batched", request => request.UpdateActivityOptionsOperation = new() { MatchAll = true, ActivityOptions = new() { HeartbeatTimeout = new() { Seconds = 7 } }, UpdateMask = new() { Paths = { "heartbeat_timeout" } } });
        update.JobId = "batched-update";
        await client.Service.StartBatchOperationAsync(update, cancellationToken: cancellationToken);
        await EndedAsync(client, "batched-update", cancellationToken);
        Assert.All(await activities.PendingAsync(), a => Assert.Equal(7, a.ActivityOptions.HeartbeatTimeout.Seconds));

        var reset = Batch("batched", request => request.ResetActivitiesOperation = new() { MatchAll = true, RestoreOriginalOptions = true });
        reset.JobId = "batched-reset";
        await client.Service.StartBatchOperationAsync(reset, cancellationToken: cancellationToken);
        await EndedAsync(client, "batched-reset", cancellationToken);
        Assert.All(await activities.PendingAsync(), a => Assert.Equal((PendingActivityState.Scheduled, 0), (a.State, a.ActivityOptions.HeartbeatTimeout.Seconds)));
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
