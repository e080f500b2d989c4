using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Workflow.V1;
using Temporalio.Api.WorkflowService.V1;
using TemporalServer.Tests.Durability;

namespace TemporalServer.Tests.Frontend;

/// <summary>A workflow that waits for activities, on the queue of its own name; terminated at the end.</summary>
internal sealed class WaitingActivities(RawClient client, string workflowId, CancellationToken cancellationToken) : IAsyncDisposable
{
    /// <summary>Starts the workflow and schedules an activity of each type; their ids are the types.</summary>
    public static async Task<WaitingActivities> StartAsync(RawClient client, string workflowId, CancellationToken cancellationToken, params string[] types)
    {
        await client.StartAsync(workflowId, workflowId, cancellationToken, taskSeconds: 60);
        await client.WorkAsync(workflowId, cancellationToken, [.. types.Select(type => new Command
        {
            CommandType = CommandType.ScheduleActivityTask,
            ScheduleActivityTaskCommandAttributes = new()
            {
                ActivityId = type,
                ActivityType = new() { Name = type },
                TaskQueue = new() { Name = workflowId },
                StartToCloseTimeout = new() { Seconds = 600 },
                RetryPolicy = new() { InitialInterval = new() { Seconds = 3600 } },
            },
        })]);
        return new WaitingActivities(client, workflowId, cancellationToken);
    }

    /// <summary>The activities that have not ended, in the order in which they were scheduled.</summary>
    public async Task<IReadOnlyList<PendingActivityInfo>> PendingAsync() =>
        (await client.Service.DescribeWorkflowExecutionAsync(new() { Namespace = RawClient.Namespace, Execution = new() { WorkflowId = workflowId } }, cancellationToken: cancellationToken)).PendingActivities;

    /// <summary>Takes the next attempt that is offered in a queue, the workflow's own by default.</summary>
    public async Task<PollActivityTaskQueueResponse> TakeAsync(string? queue = null) => (await client.CallAsync(
        (service, options) => service.PollActivityTaskQueueAsync(new() { Namespace = RawClient.Namespace, TaskQueue = new() { Name = queue ?? workflowId } }, options), cancellationToken))!;

    /// <summary>Ends an attempt with a failure that may be tried again.</summary>
    public async Task FailAsync(PollActivityTaskQueueResponse attempt) => await client.Service.RespondActivityTaskFailedAsync(
        new() { Namespace = RawClient.Namespace, TaskToken = attempt.TaskToken, Failure = new() { Message = "not now", ApplicationFailureInfo = new() } }, cancellationToken: cancellationToken);

    public async ValueTask DisposeAsync() => await client.Service.TerminateWorkflowExecutionAsync(
        new() { Namespace = RawClient.Namespace, WorkflowExecution = new() { WorkflowId = workflowId } }, cancellationToken: CancellationToken.None);
}
