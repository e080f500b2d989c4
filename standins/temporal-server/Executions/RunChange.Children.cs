using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>The end of a child, as its parent sees it.</summary>
internal sealed partial class RunChange
{
    /// <summary>Writes how a child ended; false when this run does not wait for it.</summary>
    public bool ChildClosed(long initiatedEventId, string childRunId, HistoryEvent end)
    {
        if (!Open || !State.Children.TryGetValue(initiatedEventId, out var child))
        {
            return false;
        }

        State.Children.Remove(initiatedEventId);
        Hold(EndOf(child, new WorkflowExecution { WorkflowId = child.WorkflowId, RunId = child.RunId.Length > 0 ? childRunId : child.RunId }, end));
        return true;
    }

    private HistoryEvent EndOf(Child child, WorkflowExecution execution, HistoryEvent end)
    {
        var (ns, type, initiated, started) = (State.Namespace, child.Initiated.WorkflowType, child.InitiatedEventId, child.StartedEventId);
        return end.EventType switch
        {
            EventType.WorkflowExecutionCompleted => new HistoryEvent
            {
                EventType = EventType.ChildWorkflowExecutionCompleted,
                ChildWorkflowExecutionCompletedEventAttributes = new()
                {
                    Result = end.WorkflowExecutionCompletedEventAttributes.Result,
                    Namespace = ns,
                    WorkflowExecution = execution,
                    WorkflowType = type,
                    InitiatedEventId = initiated,
                    StartedEventId = started,
                },
            },
            EventType.WorkflowExecutionFailed => new HistoryEvent
            {
                EventType = EventType.ChildWorkflowExecutionFailed,
                ChildWorkflowExecutionFailedEventAttributes = new()
                {
                    Failure = end.WorkflowExecutionFailedEventAttributes.Failure,
                    RetryState = end.WorkflowExecutionFailedEventAttributes.RetryState,
                    Namespace = ns,
                    WorkflowExecution = execution,
                    WorkflowType = type,
                    InitiatedEventId = initiated,
                    StartedEventId = started,
                },
            },
            EventType.WorkflowExecutionCanceled => new HistoryEvent
            {
                EventType = EventType.ChildWorkflowExecutionCanceled,
                ChildWorkflowExecutionCanceledEventAttributes = new()
                {
                    Details = end.WorkflowExecutionCanceledEventAttributes.Details,
                    Namespace = ns,
                    WorkflowExecution = execution,
                    WorkflowType = type,
                    InitiatedEventId = initiated,
                    StartedEventId = started,
                },
            },
            EventType.WorkflowExecutionTimedOut => new HistoryEvent
            {
                EventType = EventType.ChildWorkflowExecutionTimedOut,
                ChildWorkflowExecutionTimedOutEventAttributes = new()
                {
                    RetryState = end.WorkflowExecutionTimedOutEventAttributes.RetryState,
                    Namespace = ns,
                    WorkflowExecution = execution,
                    WorkflowType = type,
                    InitiatedEventId = initiated,
                    StartedEventId = started,
                },
            },
            _ => new HistoryEvent
            {
                EventType = EventType.ChildWorkflowExecutionTerminated,
                ChildWorkflowExecutionTerminatedEventAttributes = new() { Namespace = ns, WorkflowExecution = execution, WorkflowType = type, InitiatedEventId = initiated, StartedEventId = started },
            },
        };
    }
}
