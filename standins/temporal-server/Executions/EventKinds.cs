using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>Orders and links events that were held while a workflow task was under way.</summary>
internal static class EventKinds
{
    /// <summary>Tells whether the event ends an activity or a child: such events come last of those held.</summary>
    public static bool IsEnd(EventType type) => type
        is EventType.ActivityTaskCompleted or EventType.ActivityTaskFailed or EventType.ActivityTaskTimedOut or EventType.ActivityTaskCanceled
        or EventType.ChildWorkflowExecutionCompleted or EventType.ChildWorkflowExecutionFailed or EventType.ChildWorkflowExecutionCanceled
        or EventType.ChildWorkflowExecutionTimedOut or EventType.ChildWorkflowExecutionTerminated;

    /// <summary>Gives an end the id of its started event, when both were held.</summary>
    public static void LinkStarted(HistoryEvent happened, Dictionary<long, long> started)
    {
        long Of(long opened, long known) => known == 0 && started.TryGetValue(opened, out var id) ? id : known;
        switch (happened.AttributesCase)
        {
            case HistoryEvent.AttributesOneofCase.ActivityTaskCompletedEventAttributes:
                var completed = happened.ActivityTaskCompletedEventAttributes;
                completed.StartedEventId = Of(completed.ScheduledEventId, completed.StartedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ActivityTaskFailedEventAttributes:
                var failed = happened.ActivityTaskFailedEventAttributes;
                failed.StartedEventId = Of(failed.ScheduledEventId, failed.StartedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ActivityTaskTimedOutEventAttributes:
                var timedOut = happened.ActivityTaskTimedOutEventAttributes;
                timedOut.StartedEventId = Of(timedOut.ScheduledEventId, timedOut.StartedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ActivityTaskCanceledEventAttributes:
                var canceled = happened.ActivityTaskCanceledEventAttributes;
                canceled.StartedEventId = Of(canceled.ScheduledEventId, canceled.StartedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionCompletedEventAttributes:
                var childCompleted = happened.ChildWorkflowExecutionCompletedEventAttributes;
                childCompleted.StartedEventId = Of(childCompleted.InitiatedEventId, childCompleted.StartedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionFailedEventAttributes:
                var childFailed = happened.ChildWorkflowExecutionFailedEventAttributes;
                childFailed.StartedEventId = Of(childFailed.InitiatedEventId, childFailed.StartedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionCanceledEventAttributes:
                var childCanceled = happened.ChildWorkflowExecutionCanceledEventAttributes;
                childCanceled.StartedEventId = Of(childCanceled.InitiatedEventId, childCanceled.StartedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionTimedOutEventAttributes:
                var childTimedOut = happened.ChildWorkflowExecutionTimedOutEventAttributes;
                childTimedOut.StartedEventId = Of(childTimedOut.InitiatedEventId, childTimedOut.StartedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionTerminatedEventAttributes:
                var childTerminated = happened.ChildWorkflowExecutionTerminatedEventAttributes;
                childTerminated.StartedEventId = Of(childTerminated.InitiatedEventId, childTerminated.StartedEventId);
                break;
        }
    }

    /// <summary>Keeps the id that a started event was given, for the ends that refer to it.</summary>
    public static void RememberStarted(HistoryEvent happened, Dictionary<long, long> started, RunState state)
    {
        if (happened.ActivityTaskStartedEventAttributes is { } activity)
        {
            started[activity.ScheduledEventId] = happened.EventId;
        }
        else if (happened.ChildWorkflowExecutionStartedEventAttributes is { } child)
        {
            started[child.InitiatedEventId] = happened.EventId;
            if (state.Children.TryGetValue(child.InitiatedEventId, out var pending))
            {
                pending.StartedEventId = happened.EventId;
            }
        }
    }
}
