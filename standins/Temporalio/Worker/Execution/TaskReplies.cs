using Temporalio.Api.Query.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Worker.Activities;

namespace Temporalio.Worker.Execution;

/// <summary>Sends the answers to workflow tasks.</summary>
internal sealed partial class TaskReplies(WorkerContext context, ActivityWorker activities, string? stickyQueue)
{
    private static readonly RpcOptions Retried = new() { Retry = true };

    public async Task<RespondWorkflowTaskCompletedResponse> CompleteAsync(PollWorkflowTaskQueueResponse task, WorkflowRun run, bool heartbeat)
    {
        var request = new RespondWorkflowTaskCompletedRequest
        {
            Namespace = context.Namespace,
            TaskToken = task.TaskToken,
            Identity = context.Identity,
            ReturnNewWorkflowTask = true,
            ForceCreateNewWorkflowTask = heartbeat,
            SdkMetadata = new() { SdkName = SdkVersion.Name, SdkVersion = SdkVersion.Version },
        };
        request.Mark(context.Options, run.Definition);
        request.Commands.AddRange(run.Book.Unsent.Select(command => command.Command));
        request.Messages.AddRange(run.Book.Messages);
        foreach (var (id, query) in task.Queries)
        {
            request.QueryResults.Add(id, run.HandleQuery(id, query));
        }

        if (stickyQueue is not null)
        {
            request.StickyAttributes = new()
            {
                WorkerTaskQueue = new() { Name = stickyQueue, Kind = TaskQueueKind.Sticky, NormalName = context.TaskQueue },
                ScheduleToStartTimeout = Duration.FromTimeSpan(context.Options.StickyQueueScheduleToStartTimeout),
            };
        }

        await EncodeAsync(request).ConfigureAwait(false);
        await context.PayloadLimits.CheckAsync(request).ConfigureAwait(false);
        using var eager = new EagerActivities(context, activities, request.Commands);
        var response = await context.Service.RespondWorkflowTaskCompletedAsync(request, Retried).ConfigureAwait(false);
        eager.Start(response.ActivityTasks);
        return response;
    }

    public async Task AnswerQueryAsync(PollWorkflowTaskQueueResponse task, WorkflowRun run)
    {
        var result = run.TaskFailure is { } failure
            ? new WorkflowQueryResult { ResultType = QueryResultType.Failed, ErrorMessage = failure.Message }
            : run.HandleQuery("legacy_query", task.Query);
        var request = new RespondQueryTaskCompletedRequest
        {
            Namespace = context.Namespace,
            TaskToken = task.TaskToken,
            CompletedType = result.ResultType,
            QueryResult = result.Answer,
            ErrorMessage = result.ErrorMessage,
            Failure = result.Failure,
        };
        await EncodeAsync(request).ConfigureAwait(false);
        await context.PayloadLimits.CheckAsync(request).ConfigureAwait(false);
        await context.Service.RespondQueryTaskCompletedAsync(request, Retried).ConfigureAwait(false);
    }

    /// <summary>Fails the task; the server offers it again.</summary>
    public async Task FailAsync(PollWorkflowTaskQueueResponse task, Exception exception)
    {
        Log.TaskFailed(context.Logger, task.WorkflowExecution.WorkflowId, task.WorkflowExecution.RunId, exception);
        context.Metrics.With("workflow_type", task.WorkflowType?.Name ?? string.Empty)
            .With("failure_reason", Reason(exception)).Count("workflow_task_execution_failed");
        try
        {
            if (task.Query is not null)
            {
                await context.Service.RespondQueryTaskCompletedAsync(
                    new() { Namespace = context.Namespace, TaskToken = task.TaskToken, CompletedType = QueryResultType.Failed, ErrorMessage = exception.Message }, Retried).ConfigureAwait(false);
            }

            // A task that keeps failing is left to its time-out, so that it comes again slowly.
            else if (task.Attempt <= 1)
            {
                await context.Service.RespondWorkflowTaskFailedAsync(
                    new()
                    {
                        Namespace = context.Namespace,
                        TaskToken = task.TaskToken,
                        Identity = context.Identity,
                        Cause = Cause(exception),
                        Failure = await context.Converter.ToFailureAsync(exception).ConfigureAwait(false),
                    },
                    Retried).ConfigureAwait(false);
            }
        }
        catch (RpcException e)
        {
            Log.ReplyFailed(context.Logger, task.WorkflowExecution.WorkflowId, e);
        }
    }

    private static string Reason(Exception exception) => Cause(exception) switch
    {
        WorkflowTaskFailedCause.NonDeterministicError => "NonDeterminismError",
        WorkflowTaskFailedCause.PayloadsTooLarge => PayloadLimits.FailureType,
        _ => "WorkflowError",
    };

    private static WorkflowTaskFailedCause Cause(Exception exception) => exception switch
    {
        WorkflowNondeterminismException => WorkflowTaskFailedCause.NonDeterministicError,
        ApplicationFailureException { ErrorType: PayloadLimits.FailureType } => WorkflowTaskFailedCause.PayloadsTooLarge,
        _ => WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure,
    };

    private async Task EncodeAsync(IMessage message)
    {
        if (context.Converter.PayloadCodec is { } codec)
        {
            await PayloadVisitor.VisitAsync(message, codec.EncodeAsync).ConfigureAwait(false);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A task of workflow {WorkflowId} run {RunId} failed")]
        public static partial void TaskFailed(ILogger logger, string workflowId, string runId, Exception exception);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The failure of a task of workflow {WorkflowId} could not be reported")]
        public static partial void ReplyFailed(ILogger logger, string workflowId, Exception exception);
    }
}
