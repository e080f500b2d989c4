namespace Temporalio.Worker.Execution;

internal sealed partial class WorkflowRun
{
    /// <summary>Hands an event of history to what waits for it.</summary>
    internal void ApplyEvent(HistoryEvent e)
    {
        switch (e.EventType)
        {
            case EventType.WorkflowExecutionCancelRequested:
                cancellation.Cancel();
                break;
            case EventType.TimerFired:
                timers.GetValueOrDefault(e.TimerFiredEventAttributes.TimerId)?.Fire();
                break;
            case EventType.ActivityTaskCompleted or EventType.ActivityTaskFailed or EventType.ActivityTaskTimedOut or EventType.ActivityTaskCanceled:
                ApplyActivity(e);
                break;
            case EventType.SignalExternalWorkflowExecutionFailed:
                var signal = e.SignalExternalWorkflowExecutionFailedEventAttributes;
                Take(externals, signal.InitiatedEventId)?.Fail(
                    $"Unable to signal external workflow because {(signal.Cause == SignalExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound ? "it was not found" : signal.Cause)}");
                break;
            case EventType.ExternalWorkflowExecutionSignaled:
                Take(externals, e.ExternalWorkflowExecutionSignaledEventAttributes.InitiatedEventId)?.Deliver();
                break;
            case EventType.RequestCancelExternalWorkflowExecutionFailed:
                var cancel = e.RequestCancelExternalWorkflowExecutionFailedEventAttributes;
                Take(externals, cancel.InitiatedEventId)?.Fail(
                    $"Unable to cancel external workflow because {(cancel.Cause == CancelExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound ? "it was not found" : cancel.Cause)}");
                break;
            case EventType.ExternalWorkflowExecutionCancelRequested:
                Take(externals, e.ExternalWorkflowExecutionCancelRequestedEventAttributes.InitiatedEventId)?.Deliver();
                Take(cancelledChildren, e.ExternalWorkflowExecutionCancelRequestedEventAttributes.InitiatedEventId)?.CancelRequested();
                break;
            default:
                ApplyChild(e);
                break;
        }
    }

    private static T? Take<T>(Dictionary<long, T> waiting, long eventId)
        where T : class
    {
        waiting.Remove(eventId, out var found);
        return found;
    }

    private void ApplyActivity(HistoryEvent e)
    {
        switch (e.EventType)
        {
            case EventType.ActivityTaskCompleted:
                var completed = e.ActivityTaskCompletedEventAttributes;
                Take(activities, completed.ScheduledEventId)?.Complete(completed.Result);
                break;
            case EventType.ActivityTaskFailed:
                var failed = e.ActivityTaskFailedEventAttributes;
                Take(activities, failed.ScheduledEventId)?.Fail(failed.Failure, "Activity task failed", failed.RetryState, failed.StartedEventId, failed.Identity);
                break;
            case EventType.ActivityTaskTimedOut:
                var timedOut = e.ActivityTaskTimedOutEventAttributes;
                Take(activities, timedOut.ScheduledEventId)?.Fail(timedOut.Failure, "Activity task timed out", timedOut.RetryState, timedOut.StartedEventId, string.Empty);
                break;
            case EventType.ActivityTaskCanceled:
                var cancelled = e.ActivityTaskCanceledEventAttributes;
                Take(activities, cancelled.ScheduledEventId)?.Fail(
                    new() { Message = "Activity cancelled", CanceledFailureInfo = new() { Details = cancelled.Details } },
                    "Activity cancelled",
                    RetryState.CancelRequested,
                    cancelled.StartedEventId,
                    cancelled.Identity);
                break;
        }
    }

    private void ApplyChild(HistoryEvent e)
    {
        switch (e.EventType)
        {
            case EventType.ChildWorkflowExecutionStarted:
                var started = e.ChildWorkflowExecutionStartedEventAttributes;
                children.GetValueOrDefault(started.InitiatedEventId)?.Start(started.WorkflowExecution.RunId, e.EventId);
                break;
            case EventType.StartChildWorkflowExecutionFailed:
                var startFailed = e.StartChildWorkflowExecutionFailedEventAttributes;
                Take(children, startFailed.InitiatedEventId)?.FailStart(startFailed.Cause);
                break;
            case EventType.ChildWorkflowExecutionCompleted:
                var completed = e.ChildWorkflowExecutionCompletedEventAttributes;
                Take(children, completed.InitiatedEventId)?.Complete(completed.Result);
                break;
            case EventType.ChildWorkflowExecutionFailed:
                var failed = e.ChildWorkflowExecutionFailedEventAttributes;
                Take(children, failed.InitiatedEventId)?.Fail(failed.Failure, failed.RetryState);
                break;
            case EventType.ChildWorkflowExecutionCanceled:
                var cancelled = e.ChildWorkflowExecutionCanceledEventAttributes;
                Take(children, cancelled.InitiatedEventId)?.Fail(
                    new() { Message = "Child workflow cancelled", CanceledFailureInfo = new() { Details = cancelled.Details } }, RetryState.NonRetryableFailure);
                break;
            case EventType.ChildWorkflowExecutionTimedOut:
                var timedOut = e.ChildWorkflowExecutionTimedOutEventAttributes;
                Take(children, timedOut.InitiatedEventId)?.Fail(
                    new() { Message = "Child workflow timed out", TimeoutFailureInfo = new() { TimeoutType = TimeoutType.StartToClose } }, timedOut.RetryState);
                break;
            case EventType.ChildWorkflowExecutionTerminated:
                Take(children, e.ChildWorkflowExecutionTerminatedEventAttributes.InitiatedEventId)?.Fail(
                    new() { Message = "Child workflow terminated", TerminatedFailureInfo = new() }, RetryState.NonRetryableFailure);
                break;
        }
    }
}
