using Mainstay.TemporalServer.Executions;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Workflow.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>A run as clients see it.</summary>
internal static class RunView
{
    /// <summary>What a list entry and a description share.</summary>
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
        Memo = state.Memo ?? new(),
        SearchAttributes = state.SearchAttributes ?? new(),
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
        State = activity.StartedTime is null ? PendingActivityState.Scheduled
            : activity.CancelRequestedEventId > 0 ? PendingActivityState.CancelRequested : PendingActivityState.Started,
        HeartbeatDetails = activity.HeartbeatDetails,
        LastHeartbeatTime = activity.LastHeartbeatTime,
        LastStartedTime = activity.StartedTime,
        Attempt = activity.Attempt,
        MaximumAttempts = activity.Scheduled.RetryPolicy.MaximumAttempts,
        ScheduledTime = activity.ScheduledTime,
        LastFailure = activity.LastFailure,
        LastWorkerIdentity = activity.Identity,
        LastAttemptCompleteTime = activity.LastAttemptCompleteTime,
        CurrentRetryInterval = activity.RetryInterval,
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
