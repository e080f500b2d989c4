namespace Temporalio.Worker.Execution;

/// <summary>Names events in errors.</summary>
internal static class EventNames
{
    public static string Describe(HistoryEvent e) => $"{e.EventId} {e.EventType}" + e.EventType switch
    {
        EventType.ActivityTaskScheduled => $"({e.ActivityTaskScheduledEventAttributes.ActivityType.Name}, id {e.ActivityTaskScheduledEventAttributes.ActivityId})",
        EventType.TimerStarted => $"(id {e.TimerStartedEventAttributes.TimerId})",
        EventType.TimerCanceled => $"(id {e.TimerCanceledEventAttributes.TimerId})",
        EventType.MarkerRecorded => $"({e.MarkerRecordedEventAttributes.MarkerName})",
        EventType.StartChildWorkflowExecutionInitiated =>
            $"({e.StartChildWorkflowExecutionInitiatedEventAttributes.WorkflowType.Name}, id {e.StartChildWorkflowExecutionInitiatedEventAttributes.WorkflowId})",
        _ => string.Empty,
    };
}
