using Google.Protobuf;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using TemporalServer.Tests.Durability;

namespace TemporalServer.Tests.Frontend;

/// <summary>What activities say that is too large: the call is answered, and the activity fails for good with the server's reason.</summary>
public sealed class ActivityLimitTests(SharedServer server) : IClassFixture<SharedServer>
{
    private static readonly ByteString Much = UnsafeByteOperations.UnsafeWrap(new byte[2 * 1024 * 1024]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Payloads Large => new() { Payloads_ = { new Payload { Data = Much } } };

    [Fact]
    public Task Heartbeat_TooLarge_TellsTheWorkerToStop() => FailsAsync("beat", "Heartbeat details exceed size limit.", async (service, attempt) =>
    {
        var heard = await service.RecordActivityTaskHeartbeatAsync(new() { Namespace = RawClient.Namespace, TaskToken = attempt.TaskToken, Details = Large }, cancellationToken: Token);
        Assert.True(heard.CancelRequested);
    });

    [Fact]
    public Task Result_TooLarge_IsAnsweredAllTheSame() => FailsAsync("result", "Complete result exceeds size limit.", async (service, attempt) =>
        await service.RespondActivityTaskCompletedAsync(new() { Namespace = RawClient.Namespace, TaskToken = attempt.TaskToken, Result = Large }, cancellationToken: Token));

    [Fact]
    public Task Failure_TooLargeAsAreItsDetails_SaysWhatIsDropped() => FailsAsync("failure", "Failure exceeds size limit.", async (service, attempt) =>
    {
        var answer = await service.RespondActivityTaskFailedAsync(
            new() { Namespace = RawClient.Namespace, TaskToken = attempt.TaskToken, Failure = new() { EncodedAttributes = new() { Data = Much } }, LastHeartbeatDetails = new() }, cancellationToken: Token);
        Assert.Empty(answer.Failures);
    });

    [Fact]
    public Task HeartbeatDetails_OfAFailureTooLarge_AreDroppedWithAWord() => FailsAsync("details", "no more", async (service, attempt) =>
    {
        var failure = new Temporalio.Api.Failure.V1.Failure { Message = "no more", ApplicationFailureInfo = new() { NonRetryable = true } };
        var answer = await service.RespondActivityTaskFailedAsync(
            new() { Namespace = RawClient.Namespace, TaskToken = attempt.TaskToken, Failure = failure, LastHeartbeatDetails = Large }, cancellationToken: Token);
        Assert.Equal("Heartbeat details exceed size limit.", Assert.Single(answer.Failures).Message);
    });

    [Fact]
    public Task CancelDetails_TooLarge_FailTheActivity() => FailsAsync("cancel", "Cancel details exceed size limit.", async (service, attempt) =>
    {
        using var client = new RawClient(server.Address);
        await client.SignalAsync("cancel", "go", Token);
        await client.WorkAsync(
            "cancel",
            Token,
            new Command { CommandType = CommandType.RequestCancelActivityTask, RequestCancelActivityTaskCommandAttributes = new() { ScheduledEventId = 5 } });
        await service.RespondActivityTaskCanceledAsync(new() { Namespace = RawClient.Namespace, TaskToken = attempt.TaskToken, Details = Large }, cancellationToken: Token);
    });

    private async Task FailsAsync(string workflowId, string expected, Func<WorkflowService.WorkflowServiceClient, PollActivityTaskQueueResponse, Task> answer)
    {
        using var client = new RawClient(server.Address);
        await using var activities = await WaitingActivities.StartAsync(client, workflowId, Token, "measure");
        await answer(client.Service, await activities.TakeAsync());
        var failed = await client.EventAsync(workflowId, EventType.ActivityTaskFailed, Token);
        Assert.Equal(expected, failed.ActivityTaskFailedEventAttributes.Failure.Message);
        Assert.NotEqual(RetryState.InProgress, failed.ActivityTaskFailedEventAttributes.RetryState);
    }
}
