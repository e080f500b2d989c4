using Google.Protobuf.WellKnownTypes;
using Mainstay.TemporalServer.Executions;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Workflow.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>A run as clients see it.</summary>
internal static class RunView
{
    /// <summary>What Temporal writes for a time that never comes.</summary>
    public static Timestamp Never { get; } = new() { Seconds = -62135596800 };

    /// <summary>The requests that the run knows, by their ids.</summary>
    public static Dictionary<string, RequestIdInfo> RequestIds(RunState state) => state.StartRequestId.Length == 0
        ? []
        : new() { [state.StartRequestId] = new RequestIdInfo { EventType = EventType.WorkflowExecutionStarted, EventId = 1 } };

    /// <summary>A run in a list.</summary>
    public static WorkflowExecutionInfo Entry(RunState state)
    {
        var info = Info(state);
        info.FirstRunId = "";
        return info;
    }

    /// <summary>A run in its description.</summary>
    public static WorkflowExecutionInfo Info(RunState state) => new()
    {
        Execution = new WorkflowExecution { WorkflowId = state.WorkflowId, RunId = state.RunId },
        Type = state.Started.WorkflowType,
        StartTime = state.StartTime,
        CloseTime = state.CloseTime,
        Status = state.Status,
        HistoryLength = state.NextEventId - 1,
        ParentExecution = state.Started.ParentWorkflowExecution,
        RootExecution = state.Started.RootWorkflowExecution ?? new WorkflowExecution { WorkflowId = state.WorkflowId, RunId = state.RunId },
        ExecutionTime = state.FirstTaskTime,
        Memo = state.Memo,
        SearchAttributes = state.SearchAttributes,
        HistorySizeBytes = state.HistoryBytes,
        TaskQueue = state.Started.TaskQueue.Name,
        StateTransitionCount = state.StateTransitions,
        ExecutionDuration = state.CloseTime is null ? null : state.CloseTime - state.FirstTaskTime,
        FirstRunId = state.Started.FirstExecutionRunId,
    };

    /// <summary>An activity that has not ended.</summary>
    public static PendingActivityInfo Pending(Activity activity) => new()
    {
        ActivityId = activity.Scheduled.ActivityId,
        ActivityType = activity.Scheduled.ActivityType,
        State = activity.StartedTime is null ? (activity.Pause is null ? PendingActivityState.Scheduled : PendingActivityState.Paused)
            : activity.CancelRequestedEventId > 0 ? PendingActivityState.CancelRequested
            : activity.Pause is null ? PendingActivityState.Started : PendingActivityState.PauseRequested,
        PauseInfo = activity.Pause is not { } pause ? null : new() { PauseTime = pause.Time, Manual = new() { Identity = pause.Identity, Reason = pause.Reason } },
        Paused = activity.Pause is not null,
        ActivityOptions = RunChange.OptionsOf(activity),
        HeartbeatDetails = activity.HeartbeatDetails,
        LastHeartbeatTime = activity.LastHeartbeatTime,
        LastStartedTime = activity.StartedTime,
        Attempt = activity.Attempt,
        MaximumAttempts = activity.Scheduled.RetryPolicy.MaximumAttempts,
        ScheduledTime = activity.ScheduledTime,
        LastFailure = activity.LastFailure,
        LastWorkerIdentity = activity.Identity,
        LastAttemptCompleteTime = activity.LastAttemptCompleteTime,
        CurrentRetryInterval = activity.StartedTime is null ? activity.RetryInterval ?? activity.Scheduled.RetryPolicy.InitialInterval : null,
        ExpirationTime = activity.Scheduled.ScheduleToCloseTimeout.IsSet() ? activity.FirstScheduledTime + activity.Scheduled.ScheduleToCloseTimeout : null,
    };

    /// <summary>A child that has not ended.</summary>
    public static PendingChildExecutionInfo Pending(Child child) => new()
    {
        WorkflowId = child.WorkflowId,
        RunId = child.RunId,
        WorkflowTypeName = child.Initiated.WorkflowType.Name,
        InitiatedId = child.InitiatedEventId,
        ParentClosePolicy = child.Initiated.ParentClosePolicy,
    };

    /// <summary>The workflow task that waits or is with a worker.</summary>
    public static PendingWorkflowTaskInfo Pending(WorkflowTask task) => new()
    {
        State = task.StartedEventId > 0 ? PendingWorkflowTaskState.Started : PendingWorkflowTaskState.Scheduled,
        ScheduledTime = task.ScheduledTime,
        OriginalScheduledTime = task.OriginalScheduledTime,
        StartedTime = task.StartedTime,
        Attempt = task.Attempt,
    };
}
