using System.Collections.Concurrent;
using Google.Protobuf;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace TemporalServer.Tests.Durability;

/// <summary>Works on workflows that do one activity, wait for one signal and end with the activity's result, or on others; it is not put off by a server that comes and goes.</summary>
internal sealed class RawWorker(RawClient client, string queue, Func<string, List<HistoryEvent>, IEnumerable<Command>>? decide = null)
{
    private const int Polls = 6;

    /// <summary>Activity results that the server has acknowledged, by workflow id.</summary>
    public ConcurrentDictionary<string, bool> Acknowledged { get; } = new();

    /// <summary>Works until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Polls).SelectMany(_ => new[] { WorkAsync(WorkflowTaskAsync, stop), WorkAsync(ActivityAsync, stop) }));
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private static async Task WorkAsync(Func<CancellationToken, Task> next, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await next(stop);
        }
    }

    private async Task WorkflowTaskAsync(CancellationToken stop)
    {
        var task = await client.CallAsync(
            (service, options) => service.PollWorkflowTaskQueueAsync(new() { Namespace = RawClient.Namespace, TaskQueue = new() { Name = queue }, Identity = "raw" }, options), stop);
        if (task is null || task.TaskToken.IsEmpty)
        {
            return;
        }

        var request = new RespondWorkflowTaskCompletedRequest { Namespace = RawClient.Namespace, TaskToken = task.TaskToken, Identity = "raw" };
        request.Commands.AddRange((decide ?? Decide)(task.WorkflowExecution.WorkflowId, await client.HistoryAsync(task.WorkflowExecution.WorkflowId, stop)));
        try
        {
            await client.CallAsync((service, options) => service.RespondWorkflowTaskCompletedAsync(request, options), stop);
        }
        catch (Grpc.Core.RpcException e) when (e.StatusCode == Grpc.Core.StatusCode.InvalidArgument)
        {
            // The signal came in between: the next attempt of the task sees it.
        }
    }

    private IEnumerable<Command> Decide(string workflowId, List<HistoryEvent> events)
    {
        if (!events.Any(e => e.EventType == EventType.ActivityTaskScheduled))
        {
            yield return new Command
            {
                CommandType = CommandType.ScheduleActivityTask,
                ScheduleActivityTaskCommandAttributes = new()
                {
                    ActivityId = "1",
                    ActivityType = new() { Name = "work" },
                    TaskQueue = new() { Name = queue },
                    Input = Text(workflowId),
                    StartToCloseTimeout = new() { Seconds = 1 },
                    RetryPolicy = new() { InitialInterval = new() { Nanos = 10_000_000 }, BackoffCoefficient = 1 },
                },
            };
        }
        else if (events.Find(e => e.EventType == EventType.ActivityTaskCompleted) is { } done && events.Any(e => e.EventType == EventType.WorkflowExecutionSignaled))
        {
            yield return new Command
            {
                CommandType = CommandType.CompleteWorkflowExecution,
                CompleteWorkflowExecutionCommandAttributes = new() { Result = done.ActivityTaskCompletedEventAttributes.Result },
            };
        }
    }

    private async Task ActivityAsync(CancellationToken stop)
    {
        var task = await client.CallAsync(
            (service, options) => service.PollActivityTaskQueueAsync(new() { Namespace = RawClient.Namespace, TaskQueue = new() { Name = queue }, Identity = "raw" }, options), stop);
        if (task is null || task.TaskToken.IsEmpty)
        {
            return;
        }

        var answer = await client.CallAsync(
            (service, options) => service.RespondActivityTaskCompletedAsync(
                new() { Namespace = RawClient.Namespace, TaskToken = task.TaskToken, Result = Text($"done {task.WorkflowExecution.WorkflowId}"), Identity = "raw" }, options),
            stop);
        if (answer is not null)
        {
            Acknowledged[task.WorkflowExecution.WorkflowId] = true;
        }
    }

    private static Payloads Text(string text) => new() { Payloads_ = { new Payload { Data = ByteString.CopyFromUtf8(text) } } };
}
