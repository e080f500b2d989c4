using Grpc.Core;
using Mainstay.TemporalServer.Executions;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>What workers answer to activity tasks, by token and by id.</summary>
internal sealed partial class WorkflowFrontend
{
    /// <inheritdoc/>
    public override async Task<RespondActivityTaskCompletedResponse> RespondActivityTaskCompleted(RespondActivityTaskCompletedRequest request, ServerCallContext context)
    {
        await OnActivityAsync(Token(request.TaskToken, request.Namespace), (change, activity) => Complete(change, activity, request.Result, request.Identity));
        return new RespondActivityTaskCompletedResponse();
    }

    /// <inheritdoc/>
    public override async Task<RespondActivityTaskCompletedByIdResponse> RespondActivityTaskCompletedById(RespondActivityTaskCompletedByIdRequest request, ServerCallContext context)
    {
        await OnActivityAsync(ById(request.Namespace, request.WorkflowId, request.RunId, request.ActivityId), (change, activity) => Complete(change, activity, request.Result, request.Identity));
        return new RespondActivityTaskCompletedByIdResponse();
    }

    /// <inheritdoc/>
    public override async Task<RespondActivityTaskFailedResponse> RespondActivityTaskFailed(RespondActivityTaskFailedRequest request, ServerCallContext context)
    {
        await OnActivityAsync(Token(request.TaskToken, request.Namespace), (change, activity) =>
        {
            activity.HeartbeatDetails = request.LastHeartbeatDetails ?? activity.HeartbeatDetails;
            change.FailActivity(activity, Limits.Capped(request.Failure), request.Identity);
        });
        return new RespondActivityTaskFailedResponse();
    }

    /// <inheritdoc/>
    public override async Task<RespondActivityTaskFailedByIdResponse> RespondActivityTaskFailedById(RespondActivityTaskFailedByIdRequest request, ServerCallContext context)
    {
        await OnActivityAsync(ById(request.Namespace, request.WorkflowId, request.RunId, request.ActivityId), (change, activity) =>
        {
            activity.HeartbeatDetails = request.LastHeartbeatDetails ?? activity.HeartbeatDetails;
            change.FailActivity(activity, Limits.Capped(request.Failure), request.Identity);
        });
        return new RespondActivityTaskFailedByIdResponse();
    }

    /// <inheritdoc/>
    public override async Task<RespondActivityTaskCanceledResponse> RespondActivityTaskCanceled(RespondActivityTaskCanceledRequest request, ServerCallContext context)
    {
        await OnActivityAsync(Token(request.TaskToken, request.Namespace), (change, activity) => Cancel(change, activity, request.Details, request.Identity));
        return new RespondActivityTaskCanceledResponse();
    }

    /// <inheritdoc/>
    public override async Task<RespondActivityTaskCanceledByIdResponse> RespondActivityTaskCanceledById(RespondActivityTaskCanceledByIdRequest request, ServerCallContext context)
    {
        await OnActivityAsync(ById(request.Namespace, request.WorkflowId, request.RunId, request.ActivityId), (change, activity) => Cancel(change, activity, request.Details, request.Identity));
        return new RespondActivityTaskCanceledByIdResponse();
    }

    /// <inheritdoc/>
    public override async Task<RecordActivityTaskHeartbeatResponse> RecordActivityTaskHeartbeat(RecordActivityTaskHeartbeatRequest request, ServerCallContext context)
    {
        var response = new RecordActivityTaskHeartbeatResponse();
        Limits.Check(request.Details);
        await OnActivityAsync(Token(request.TaskToken, request.Namespace), (change, activity) =>
        {
            (response.CancelRequested, response.ActivityPaused, response.ActivityReset) = (activity.CancelRequestedEventId > 0, activity.Pause is not null, activity.Reset);
            change.Heartbeat(activity, request.Details);
        });
        return response;
    }

    /// <inheritdoc/>
    public override async Task<RecordActivityTaskHeartbeatByIdResponse> RecordActivityTaskHeartbeatById(RecordActivityTaskHeartbeatByIdRequest request, ServerCallContext context)
    {
        var response = new RecordActivityTaskHeartbeatByIdResponse();
        Limits.Check(request.Details);
        await OnActivityAsync(ById(request.Namespace, request.WorkflowId, request.RunId, request.ActivityId), (change, activity) =>
        {
            (response.CancelRequested, response.ActivityPaused, response.ActivityReset) = (activity.CancelRequestedEventId > 0, activity.Pause is not null, activity.Reset);
            change.Heartbeat(activity, request.Details);
        });
        return response;
    }

    private static void Complete(RunChange change, Activity activity, Temporalio.Api.Common.V1.Payloads? result, string identity)
    {
        if (result.Size() > Limits.Blob)
        {
            change.FailActivity(activity, Limits.Server("Complete result exceeds size limit."), identity);
            return;
        }

        change.CompleteActivity(activity, result, identity);
    }

    private static void Cancel(RunChange change, Activity activity, Temporalio.Api.Common.V1.Payloads? details, string identity)
    {
        if (activity.CancelRequestedEventId == 0)
        {
            throw ApiErrors.Invalid("unable to mark activity as canceled without activity being request canceled first");
        }

        change.CancelActivity(activity, details, identity);
    }

    private static TaskToken ById(string @namespace, string workflowId, string runId, string activityId) => activityId.Length == 0
        ? throw ApiErrors.Invalid("ActivityId is not set on request.")
        : new TaskToken { Namespace = @namespace, WorkflowId = workflowId, RunId = runId, ActivityId = activityId };

    private async Task OnActivityAsync(TaskToken token, Action<RunChange, Activity> act)
    {
        var run = await FindAsync(token.Namespace, new() { WorkflowId = token.WorkflowId, RunId = token.RunId });
        await host.ApplyAsync(run, change =>
        {
            RequireOpen(change.State);
            var activity = token.ScheduledEventId > 0
                ? change.State.Activities.GetValueOrDefault(token.ScheduledEventId)
                : change.State.Activities.Values.FirstOrDefault(a => a.Scheduled.ActivityId == token.ActivityId);
            if (activity?.StartedTime is null || (token.ScheduledEventId > 0 && activity.Attempt != token.Attempt))
            {
                throw token.ScheduledEventId > 0 ? ApiErrors.NoActivity() : ApiErrors.NotFound($"cannot find pending activity with ActivityID {token.ActivityId}, check workflow execution history for more details");
            }

            act(change, activity);
            return true;
        });
    }
}
