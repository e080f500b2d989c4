using Grpc.Core;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using TemporalServer.Tests.Durability;

namespace TemporalServer.Tests.Frontend;

/// <summary>What an operator does to activities that have not ended.</summary>
public sealed class ActivityOperationTests(SharedServer server) : IClassFixture<SharedServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pause_OfAnActivityThatWaits_HoldsItBackUntilItIsUnpaused()
    {
        using var client = new RawClient(server.Address);
        await using var activities = await WaitingActivities.StartAsync(client, "held", Token, "measure", "weigh");
        await client.Service.PauseActivityAsync(new() { Namespace = RawClient.Namespace, Execution = Run("held"), Id = "measure", Identity = "Ada", Reason = "lunch" }, cancellationToken: Token);
        var paused = (await activities.PendingAsync())[0];
        Assert.Equal((PendingActivityState.Paused, true, "Ada", "lunch"), (paused.State, paused.Paused, paused.PauseInfo.Manual.Identity, paused.PauseInfo.Manual.Reason));
        Assert.Equal("weigh", (await activities.TakeAsync()).ActivityId);

        await client.Service.UnpauseActivityAsync(new() { Namespace = RawClient.Namespace, Execution = Run("held"), Id = "measure" }, cancellationToken: Token);
        Assert.Equal("measure", (await activities.TakeAsync()).ActivityId);
    }

    [Fact]
    public async Task Pause_OfAnAttemptUnderWay_IsToldByItsHeartbeatAndHoldsTheNextBack()
    {
        using var client = new RawClient(server.Address);
        await using var activities = await WaitingActivities.StartAsync(client, "told", Token, "measure");
        var attempt = await activities.TakeAsync();
        await client.Service.PauseActivityAsync(new() { Namespace = RawClient.Namespace, Execution = Run("told"), Type = "measure" }, cancellationToken: Token);
        Assert.Equal(PendingActivityState.PauseRequested, Assert.Single(await activities.PendingAsync()).State);
        var heard = await client.Service.RecordActivityTaskHeartbeatAsync(new() { Namespace = RawClient.Namespace, TaskToken = attempt.TaskToken }, cancellationToken: Token);
        Assert.Equal((false, true, false), (heard.CancelRequested, heard.ActivityPaused, heard.ActivityReset));

        await activities.FailAsync(attempt);
        Assert.Equal(PendingActivityState.Paused, Assert.Single(await activities.PendingAsync()).State);
        await client.Service.UnpauseActivityAsync(new() { Namespace = RawClient.Namespace, Execution = Run("told"), UnpauseAll = true }, cancellationToken: Token);
        Assert.Equal(2, (await activities.TakeAsync()).Attempt);
    }

    [Fact]
    public async Task Operations_UnderTheirNewerNames_DoTheSame()
    {
        using var client = new RawClient(server.Address);
        await using var activities = await WaitingActivities.StartAsync(client, "newer", Token, "measure");
        await client.Service.PauseActivityExecutionAsync(new() { Namespace = RawClient.Namespace, WorkflowId = "newer", ActivityId = "measure", Reason = "lunch" }, cancellationToken: Token);
        Assert.Equal("lunch", Assert.Single(await activities.PendingAsync()).PauseInfo.Manual.Reason);
        var options = await client.Service.UpdateActivityExecutionOptionsAsync(
            new()
            {
                Namespace = RawClient.Namespace,
                WorkflowId = "newer",
                ActivityId = "measure",
                ActivityOptions = new() { StartToCloseTimeout = new() { Seconds = 7 } },
                UpdateMask = new() { Paths = { "start_to_close_timeout" } },
            },
            cancellationToken: Token);
        Assert.Equal(7, options.ActivityOptions.StartToCloseTimeout.Seconds);
        await client.Service.UnpauseActivityExecutionAsync(new() { Namespace = RawClient.Namespace, WorkflowId = "newer", ActivityId = "measure" }, cancellationToken: Token);
        await activities.FailAsync(await activities.TakeAsync());
        await client.Service.ResetActivityExecutionAsync(new() { Namespace = RawClient.Namespace, WorkflowId = "newer", ActivityId = "measure" }, cancellationToken: Token);
        Assert.Equal(1, (await activities.TakeAsync()).Attempt);

        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await client.Service.PauseActivityExecutionAsync(new() { Namespace = RawClient.Namespace, ActivityId = "alone" }, cancellationToken: Token));
        Assert.Equal(StatusCode.Unimplemented, refusal.StatusCode);
    }

    [Fact]
    public async Task Reset_OfAnActivityThatWaitsForARetry_OffersItsFirstAttemptAtOnce()
    {
        using var client = new RawClient(server.Address);
        await using var activities = await WaitingActivities.StartAsync(client, "anew", Token, "measure");
        var attempt = await activities.TakeAsync();
        await client.Service.RecordActivityTaskHeartbeatAsync(
            new() { Namespace = RawClient.Namespace, TaskToken = attempt.TaskToken, Details = new Payloads { Payloads_ = { new Payload() } } }, cancellationToken: Token);
        await activities.FailAsync(attempt);
        Assert.Equal(2, Assert.Single(await activities.PendingAsync()).Attempt);

        await client.Service.ResetActivityAsync(new() { Namespace = RawClient.Namespace, Execution = Run("anew"), Id = "measure", ResetHeartbeat = true }, cancellationToken: Token);
        var again = await activities.TakeAsync();
        Assert.Equal(1, again.Attempt);
        Assert.Null(again.HeartbeatDetails);
    }

    [Fact]
    public async Task Reset_OfAnAttemptUnderWay_LetsItEndAndCountsAnew()
    {
        using var client = new RawClient(server.Address);
        await using var activities = await WaitingActivities.StartAsync(client, "recount", Token, "measure");
        await activities.FailAsync(await activities.TakeAsync());
        await client.Service.ResetActivityAsync(new() { Namespace = RawClient.Namespace, Execution = Run("recount"), Id = "measure" }, cancellationToken: Token);
        var attempt = await activities.TakeAsync();
        await client.Service.ResetActivityAsync(new() { Namespace = RawClient.Namespace, Execution = Run("recount"), Id = "measure" }, cancellationToken: Token);
        Assert.True((await client.Service.RecordActivityTaskHeartbeatAsync(new() { Namespace = RawClient.Namespace, TaskToken = attempt.TaskToken }, cancellationToken: Token)).ActivityReset);
        await activities.FailAsync(attempt);
        Assert.Equal(1, Assert.Single(await activities.PendingAsync()).Attempt);
    }

    [Fact]
    public async Task UpdateOptions_OfTheQueue_OffersTheActivityThereAndRestoresIt()
    {
        using var client = new RawClient(server.Address);
        await using var activities = await WaitingActivities.StartAsync(client, "moved", Token, "measure", "weigh");
        var changed = await client.Service.UpdateActivityOptionsAsync(
            new()
            {
                Namespace = RawClient.Namespace,
                Execution = Run("moved"),
                Id = "measure",
                ActivityOptions = new() { TaskQueue = new() { Name = "elsewhere" }, RetryPolicy = new() { MaximumAttempts = 9 } },
                UpdateMask = new() { Paths = { "task_queue.name", "retryPolicy.maximumAttempts" } },
            },
            cancellationToken: Token);
        Assert.Equal(("elsewhere", 9, 3600), (changed.ActivityOptions.TaskQueue.Name, changed.ActivityOptions.RetryPolicy.MaximumAttempts, changed.ActivityOptions.RetryPolicy.InitialInterval.Seconds));
        Assert.Equal("weigh", (await activities.TakeAsync()).ActivityId);
        await activities.FailAsync(await activities.TakeAsync("elsewhere"));

        var restored = await client.Service.UpdateActivityOptionsAsync(new() { Namespace = RawClient.Namespace, Execution = Run("moved"), Id = "measure", RestoreOriginal = true }, cancellationToken: Token);
        Assert.Equal(("moved", 0), (restored.ActivityOptions.TaskQueue.Name, restored.ActivityOptions.RetryPolicy.MaximumAttempts));
    }

    [Fact]
    public async Task UpdateOptions_ThatNoActivityMayHave_AreRefused()
    {
        using var client = new RawClient(server.Address);
        await using var activities = await WaitingActivities.StartAsync(client, "refused", Token, "measure");
        Assert.Equal((StatusCode.NotFound, "Can't find pending activity with such ID. Invalid activityID or activity already completed"), await RefusalAsync(client, request => request.Id = "weigh"));
        Assert.Equal((StatusCode.InvalidArgument, "Either Activity.Id or Activity.Type should be set on request."), await RefusalAsync(client, _ => { }));
        Assert.Equal(StatusCode.InvalidArgument, (await RefusalAsync(client, request => (request.Id, request.ActivityOptions, request.UpdateMask) = ("measure", new(), new() { Paths = { "colour" } }))).Code);
        Assert.Equal(StatusCode.InvalidArgument, (await RefusalAsync(client, request => (request.Id, request.ActivityOptions, request.UpdateMask) = ("measure", new(), new() { Paths = { "start_to_close_timeout" } }))).Code);
        Assert.Equal(600, Assert.Single(await activities.PendingAsync()).ActivityOptions.StartToCloseTimeout.Seconds);
    }

    private static WorkflowExecution Run(string workflowId) => new() { WorkflowId = workflowId };

    private static async Task<(StatusCode Code, string Text)> RefusalAsync(RawClient client, Action<UpdateActivityOptionsRequest> fill)
    {
        var request = new UpdateActivityOptionsRequest { Namespace = RawClient.Namespace, Execution = Run("refused") };
        fill(request);
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await client.Service.UpdateActivityOptionsAsync(request, cancellationToken: Token));
        return (refusal.StatusCode, refusal.Status.Detail);
    }
}
