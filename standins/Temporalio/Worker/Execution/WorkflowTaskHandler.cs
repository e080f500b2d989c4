using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Worker.Activities;

namespace Temporalio.Worker.Execution;

/// <summary>Answers workflow tasks.</summary>
internal sealed partial class WorkflowTaskHandler(WorkerContext context, ActivityWorker activities, string? stickyQueue)
{
    private static readonly RpcOptions Retried = new() { Retry = true };

    private readonly RunCache cache = new(context.Options.MaxCachedWorkflows, context.Metrics);
    private readonly RunGates gates = new();
    private readonly DeadlockWatch watch = new(context.Options.DebugMode);
    private readonly WorkflowDefinitions definitions = new(context.Options.Workflows);
    private readonly LocalActivityRunner localActivities = new(context, activities);
    private readonly TaskReplies replies = new(context, activities, stickyQueue);

    public async Task HandleAsync(PollWorkflowTaskQueueResponse task)
    {
        using var gate = await gates.EnterAsync(task.WorkflowExecution.RunId).ConfigureAwait(false);
        PollWorkflowTaskQueueResponse? next = task;
        while (next is not null)
        {
            next = await HandleOneAsync(next).ConfigureAwait(false);
        }
    }

    private async Task<PollWorkflowTaskQueueResponse?> HandleOneAsync(PollWorkflowTaskQueueResponse task)
    {
        var runId = task.WorkflowExecution.RunId;
        var timing = new WorkflowTaskTiming(context, task);
        WorkflowRun? run = null;
        try
        {
            run = await PrepareAsync(task).ConfigureAwait(false);
            timing.Prepared();
            if (task.Query is not null)
            {
                await replies.AnswerQueryAsync(task, run).ConfigureAwait(false);
                Keep(runId, run);
                return null;
            }

            var heartbeat = await localActivities.RunAsync(run, task).ConfigureAwait(false);
            if (run.TaskFailure is { } failure)
            {
                await replies.FailAsync(task, failure).ConfigureAwait(false);
                return null;
            }

            if (!heartbeat)
            {
                run.Seal();
            }

            var response = await replies.CompleteAsync(task, run, heartbeat).ConfigureAwait(false);
            run.Book.Seal();
            timing.Completed(run);
            if (response.ResetHistoryEventId > 0)
            {
                run.ResetTo(response.ResetHistoryEventId);
            }

            if (!run.Closed)
            {
                Keep(runId, run);
            }

            return response.WorkflowTask is { TaskToken.IsEmpty: false } further ? further : null;
        }
        catch (RpcException e)
        {
            // The server took no notice of the answer; the task comes again, with the whole history.
            Log.AnswerRefused(context.Logger, task.WorkflowExecution.WorkflowId, runId, e);
            return null;
        }
        catch (Exception e)
        {
            await replies.FailAsync(task, e).ConfigureAwait(false);
            return null;
        }
    }

    private void Keep(string runId, WorkflowRun run)
    {
        if (stickyQueue is not null && run.TaskFailure is null)
        {
            cache.Put(runId, run);
        }
    }

    /// <summary>Brings the run to where the task begins: from the cache, or by replay.</summary>
    private async Task<WorkflowRun> PrepareAsync(PollWorkflowTaskQueueResponse task)
    {
        watch.ThrowIfDeadlocked(task.WorkflowExecution.RunId);
        var run = cache.Take(task.WorkflowExecution.RunId);
        if (run is not null || task.PreviousStartedEventId > 0)
        {
            context.Metrics.Count(run is null ? "sticky_cache_miss" : "sticky_cache_hit");
        }

        var events = await HistoryReader.ReadAsync(context, task).ConfigureAwait(false);
        var known = run?.LastEventId ?? 0;
        if (events is [var first, ..] ? first.EventId > known + 1 : run is null)
        {
            events = await HistoryReader.ReadFromTheStartAsync(context, task.WorkflowExecution, events).ConfigureAwait(false);
            run = null;
        }

        run ??= Create(task, events[0]);
        var fresh = events.Where(e => e.EventId > run.LastEventId).ToList();
        await watch.RunAsync(run, () => Activate(run, fresh, task)).ConfigureAwait(false);
        return run;
    }

    private static void Activate(WorkflowRun run, IReadOnlyList<HistoryEvent> events, PollWorkflowTaskQueueResponse task)
    {
        foreach (var stretch in HistoryCutter.Cut(events, run.LastStartedId))
        {
            run.Activate(stretch.Live ? stretch with { Messages = task.Messages } : stretch);
            if (run.TaskFailure is not null)
            {
                return;
            }
        }
    }

    private WorkflowRun Create(PollWorkflowTaskQueueResponse task, HistoryEvent started)
    {
        var definition = definitions.Find(started.WorkflowExecutionStartedEventAttributes.WorkflowType.Name);
        var details = new WorkflowRunDetails(
            context.Namespace,
            context.TaskQueue,
            definition,
            context.Converter.PayloadConverter,
            context.Converter.FailureConverter,
            context.Interceptors,
            context.Options.WorkflowFailureExceptionTypes ?? [],
            context.Options.LoggerFactory!,
            context.Meter("workflow_type", definition.Name ?? started.WorkflowExecutionStartedEventAttributes.WorkflowType.Name),
            WorkerVersion.Of(context.Options));
        return new(details, started, task.WorkflowExecution.WorkflowId, task.WorkflowExecution.RunId);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The answer to a task of workflow {WorkflowId} run {RunId} was refused")]
        public static partial void AnswerRefused(ILogger logger, string workflowId, string runId, Exception exception);
    }
}
