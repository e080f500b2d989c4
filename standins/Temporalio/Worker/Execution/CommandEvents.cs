namespace Temporalio.Worker.Execution;

/// <summary>The events that the server writes for a worker's commands.</summary>
internal static class CommandEvents
{
    private static readonly HashSet<EventType> Types =
    [
        EventType.ActivityTaskScheduled,
        EventType.ActivityTaskCancelRequested,
        EventType.TimerStarted,
        EventType.TimerCanceled,
        EventType.MarkerRecorded,
        EventType.StartChildWorkflowExecutionInitiated,
        EventType.SignalExternalWorkflowExecutionInitiated,
        EventType.RequestCancelExternalWorkflowExecutionInitiated,
        EventType.UpsertWorkflowSearchAttributes,
        EventType.WorkflowPropertiesModified,
        EventType.WorkflowExecutionUpdateAccepted,
        EventType.WorkflowExecutionUpdateCompleted,
        EventType.WorkflowExecutionCompleted,
        EventType.WorkflowExecutionFailed,
        EventType.WorkflowExecutionCanceled,
        EventType.WorkflowExecutionContinuedAsNew,
    ];

    public static bool Contains(EventType type) => Types.Contains(type);
}
