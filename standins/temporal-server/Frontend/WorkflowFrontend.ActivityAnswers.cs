using Grpc.Core;
using Mainstay.TemporalServer.Executions;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>What workers answer to activity tasks, by token and by id.</summary>
internal sealed partial class WorkflowFrontend
{
    private const string LargeHeartbeat = "Heartbeat details exceed size limit.";

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
    public override async Task<RespondActivityTaskFailedResponse> RespondActivityTaskFailed(RespondActivityTaskFailedRequest request, ServerCallContext context) => new()
    {
        Failures = { await FailAsync(Token(request.TaskToken, request.Namespace), request.Failure, request.LastHeartbeatDetails, request.Identity) },
    };

    /// <inheritdoc/>
    public override async Task<RespondActivityTaskFailedByIdResponse> RespondActivityTaskFailedById(RespondActivityTaskFailedByIdRequest request, ServerCallContext context) => new()
    {
        Failures = { await FailAsync(ById(request.Namespace, request.WorkflowId, request.RunId, request.ActivityId), request.Failure, request.LastHeartbeatDetails, request.Identity) },
    };

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
        var (cancelled, paused, reset) = await HeartbeatAsync(Token(request.TaskToken, request.Namespace), request.Details, request.Identity);
        return new() { CancelRequested = cancelled, ActivityPaused = paused, ActivityReset = reset };
    }

    /// <inheritdoc/>
    public override async Task<RecordActivityTaskHeartbeatByIdResponse> RecordActivityTaskHeartbeatById(RecordActivityTaskHeartbeatByIdRequest request, ServerCallContext context)
    {
        var (cancelled, paused, reset) = await HeartbeatAsync(ById(request.Namespace, request.WorkflowId, request.RunId, request.ActivityId), request.Details, request.Identity);
        return new() { CancelRequested = cancelled, ActivityPaused = paused, ActivityReset = reset };
    }

    private async Task<(bool Cancelled, bool Paused, bool Reset)> HeartbeatAsync(TaskToken token, Payloads? details, string identity)
    {
        var told = (Cancelled: false, Paused: false, Reset: false);
        await OnActivityAsync(token, (change, activity) =>
        {
            if (details.Size() > Limits.Blob)
            {
                // Its worker is to stop, as if it were cancelled.
                change.FailActivity(activity, Limits.Server(LargeHeartbeat), identity);
                told = (true, false, false);
                return;
            }

            told = (activity.CancelRequestedEventId > 0, activity.Pause is not null, activity.Reset);
            change.Heartbeat(activity, details);
        });
        return told;
    }

    private async Task<IEnumerable<Failure>> FailAsync(TaskToken token, Failure? failure, Payloads? details, string identity)
    {
        var tooLarge = details.Size() > Limits.Blob;
        await OnActivityAsync(token, (change, activity) =>
        {
            activity.HeartbeatDetails = tooLarge ? activity.HeartbeatDetails : details ?? activity.HeartbeatDetails;
            change.FailActivity(activity, Limits.Capped(failure), identity);
        });
        return tooLarge ? [Limits.Server(LargeHeartbeat)] : [];
    }

    private static void Complete(RunChange change, Activity activity, Payloads? result, string identity)
    {
        if (result.Size() > Limits.Blob)
        {
            change.FailActivity(activity, Limits.Server("Complete result exceeds size limit."), identity);
            return;
        }

        change.CompleteActivity(activity, result, identity);
    }

    private static void Cancel(RunChange change, Activity activity, Payloads? details, string identity)
    {
        if (activity.CancelRequestedEventId == 0)
        {
            throw ApiErrors.Invalid("unable to mark activity as canceled without activity being request canceled first");
        }

        if (details.Size() > Limits.Blob)
        {
            change.FailActivity(activity, Limits.Server("Cancel details exceed size limit."), identity);
            return;
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
