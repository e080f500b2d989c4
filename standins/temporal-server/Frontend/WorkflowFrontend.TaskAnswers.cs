using Grpc.Core;
using Mainstay.TemporalServer.Executions;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>What workers answer to workflow tasks.</summary>
internal sealed partial class WorkflowFrontend
{
    /// <inheritdoc/>
    public override async Task<RespondWorkflowTaskCompletedResponse> RespondWorkflowTaskCompleted(RespondWorkflowTaskCompletedRequest request, ServerCallContext context)
    {
        var token = Token(request.TaskToken, request.Namespace);
        var run = await host.FindAsync(token.Namespace, token.WorkflowId, token.RunId) ?? throw ApiErrors.NoTask();
        var vanished = false;
        RunChange? completed = null;
        try
        {
            await host.ApplyAsync(run, change =>
            {
                RequireTask(change.State, token);
                change.CompleteTask(request);
                AnswerUpdates(run, change, request);
                if (run.Updates.Any(u => !u.Value.Sent && u.Value.Refusal is null))
                {
                    change.ScheduleSpeculativeTask();
                }

                (vanished, completed) = (change.Vanished, change);
                return true;
            });
        }
        catch (BadCommandException bad)
        {
            await FailAsync(run, token, bad.Cause, new Failure { Message = bad.Message }, request.Identity, bad.Fatal ? bad.Message : null);
            throw ApiErrors.Invalid(bad.Message);
        }
        catch (InvalidCompletionException invalid)
        {
            throw ApiErrors.Invalid(invalid.Message);
        }

        AnswerQueries(run, request);
        var response = new RespondWorkflowTaskCompletedResponse { ResetHistoryEventId = vanished ? run.State.LastCompletedTaskStartedId : 0 };
        response.ActivityTasks.AddRange(completed!.Eager.Where(a => completed.State.Activities.ContainsKey(a.ScheduledEventId)).Select(a => ActivityTask(completed.State, a)));
        if (request.ReturnNewWorkflowTask && run.State.WorkflowTask is { StartedEventId: 0 } next)
        {
            var queued = new Matching.QueuedTask(run.State.RunId, RunChange.DispatchOf(run.State, next));
            response.WorkflowTask = await StartTaskAsync(queued, new PollWorkflowTaskQueueRequest
            {
                Namespace = token.Namespace,
                Identity = request.Identity,
                TaskQueue = next.Queue,
            }, onward: true);
        }

        return response;
    }

    /// <inheritdoc/>
    public override async Task<RespondWorkflowTaskFailedResponse> RespondWorkflowTaskFailed(RespondWorkflowTaskFailedRequest request, ServerCallContext context)
    {
        var token = Token(request.TaskToken, request.Namespace);
        var run = await host.FindAsync(token.Namespace, token.WorkflowId, token.RunId) ?? throw ApiErrors.NoTask();
        await FailAsync(run, token, request.Cause, Limits.Capped(request.Failure), request.Identity);
        return new RespondWorkflowTaskFailedResponse();
    }

    private Task FailAsync(Run run, TaskToken token, WorkflowTaskFailedCause cause, Failure? failure, string identity, string? fatal = null) =>
        host.ApplyAsync(run, change =>
        {
            RequireTask(change.State, token);
            change.FailTask(cause, failure, identity);
            if (fatal is not null)
            {
                change.Terminate(fatal, null, "history-service");
            }

            run.TakeUpdatesBack();
            return true;
        });

    private static void RequireTask(RunState state, TaskToken token)
    {
        if (state.Status != WorkflowExecutionStatus.Running
            || state.WorkflowTask is not { StartedEventId: > 0 } task
            || task.ScheduledEventId != token.ScheduledEventId
            || task.Attempt != token.Attempt
            || !Equals(task.StartedTime, token.StartedTime))
        {
            throw ApiErrors.NoTask();
        }
    }
}
