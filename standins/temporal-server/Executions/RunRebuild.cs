using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>Builds the state of a run from its history: what the history does not tell (attempts, heartbeats) begins anew.</summary>
internal sealed class RunRebuild(string @namespace, string runId)
{
    private readonly RunState state = new() { Namespace = @namespace, RunId = runId, Status = WorkflowExecutionStatus.Running, NextEventId = 1 };

    /// <summary>The state after the events.</summary>
    public static RunState From(string @namespace, string runId, IEnumerable<HistoryEvent> events)
    {
        var rebuild = new RunRebuild(@namespace, runId);
        foreach (var happened in events)
        {
            rebuild.Apply(happened);
        }

        return rebuild.state;
    }

    private void Apply(HistoryEvent happened)
    {
        state.NextEventId = happened.EventId + 1;
        state.HistoryBytes += happened.CalculateSize();
        switch (happened.AttributesCase)
        {
            case HistoryEvent.AttributesOneofCase.WorkflowExecutionStartedEventAttributes: Started(happened); break;
            case HistoryEvent.AttributesOneofCase.WorkflowTaskScheduledEventAttributes: TaskScheduled(happened); break;
            case HistoryEvent.AttributesOneofCase.WorkflowTaskStartedEventAttributes:
                state.WorkflowTask.StartedEventId = happened.EventId;
                state.WorkflowTask.StartedTime = happened.EventTime;
                break;
            case HistoryEvent.AttributesOneofCase.WorkflowTaskCompletedEventAttributes:
                state.LastCompletedTaskStartedId = happened.WorkflowTaskCompletedEventAttributes.StartedEventId;
                state.FirstCompletedTaskId = state.FirstCompletedTaskId == 0 ? happened.EventId : state.FirstCompletedTaskId;
                state.WorkflowTask = null;
                break;
            case HistoryEvent.AttributesOneofCase.WorkflowTaskFailedEventAttributes or HistoryEvent.AttributesOneofCase.WorkflowTaskTimedOutEventAttributes:
                state.WorkflowTask = null;
                break;
            case HistoryEvent.AttributesOneofCase.WorkflowExecutionSignaledEventAttributes:
                state.SignalCount++;
                if (happened.WorkflowExecutionSignaledEventAttributes.RequestId.Length > 0)
                {
                    state.SignalRequestIds.Add(happened.WorkflowExecutionSignaledEventAttributes.RequestId);
                }

                break;
            case HistoryEvent.AttributesOneofCase.WorkflowExecutionOptionsUpdatedEventAttributes: state.Started = RunChange.WithPriority(state.Started, happened.WorkflowExecutionOptionsUpdatedEventAttributes.Priority); break;
            case HistoryEvent.AttributesOneofCase.WorkflowExecutionCancelRequestedEventAttributes: state.CancelRequested = true; break;
            case HistoryEvent.AttributesOneofCase.UpsertWorkflowSearchAttributesEventAttributes:
                state.SearchAttributes = state.SearchAttributes?.Clone() ?? new();
                RunChange.Merge(state.SearchAttributes.IndexedFields, happened.UpsertWorkflowSearchAttributesEventAttributes.SearchAttributes?.IndexedFields);
                break;
            case HistoryEvent.AttributesOneofCase.WorkflowPropertiesModifiedEventAttributes:
                state.Memo = state.Memo?.Clone() ?? new();
                RunChange.Merge(state.Memo.Fields, happened.WorkflowPropertiesModifiedEventAttributes.UpsertedMemo?.Fields);
                break;
            case HistoryEvent.AttributesOneofCase.WorkflowExecutionUpdateAdmittedEventAttributes:
                var admitted = happened.WorkflowExecutionUpdateAdmittedEventAttributes.Request;
                state.Updates[admitted.Meta.UpdateId] = new Update { Request = admitted };
                break;
            case HistoryEvent.AttributesOneofCase.WorkflowExecutionUpdateAcceptedEventAttributes:
                state.Updates[happened.WorkflowExecutionUpdateAcceptedEventAttributes.ProtocolInstanceId] = new Update { AcceptedEventId = happened.EventId };
                break;
            case HistoryEvent.AttributesOneofCase.WorkflowExecutionUpdateCompletedEventAttributes:
                state.Updates[happened.WorkflowExecutionUpdateCompletedEventAttributes.Meta.UpdateId].Outcome = happened.WorkflowExecutionUpdateCompletedEventAttributes.Outcome;
                break;
            default:
                ApplyToPending(happened);
                break;
        }
    }

    private void Started(HistoryEvent happened)
    {
        var started = happened.WorkflowExecutionStartedEventAttributes;
        state.WorkflowId = started.WorkflowId;
        state.Started = started;
        state.StartTime = happened.EventTime;
        state.FirstTaskTime = happened.EventTime + (started.FirstWorkflowTaskBackoff ?? new Duration());
        state.FirstTaskPending = true;
        state.Memo = started.Memo;
        state.SearchAttributes = started.SearchAttributes;
        state.UserMetadata = happened.UserMetadata;
    }

    private void TaskScheduled(HistoryEvent happened)
    {
        var scheduled = happened.WorkflowTaskScheduledEventAttributes;
        state.FirstTaskPending = false;
        state.WorkflowTask = new WorkflowTask
        {
            ScheduledEventId = happened.EventId,
            Attempt = scheduled.Attempt,
            Written = true,
            ScheduledTime = happened.EventTime,
            OriginalScheduledTime = happened.EventTime,
            Queue = scheduled.TaskQueue,
        };
    }

    private void ApplyToPending(HistoryEvent happened)
    {
        switch (happened.AttributesCase)
        {
            case HistoryEvent.AttributesOneofCase.ActivityTaskScheduledEventAttributes:
                state.Activities[happened.EventId] = new Activity
                {
                    Scheduled = happened.ActivityTaskScheduledEventAttributes,
                    ScheduledEventId = happened.EventId,
                    FirstScheduledTime = happened.EventTime,
                    ScheduledTime = happened.EventTime,
                    Attempt = 1,
                };
                break;
            case HistoryEvent.AttributesOneofCase.ActivityTaskCancelRequestedEventAttributes:
                if (state.Activities.TryGetValue(happened.ActivityTaskCancelRequestedEventAttributes.ScheduledEventId, out var cancelled))
                {
                    cancelled.CancelRequestedEventId = happened.EventId;
                }

                break;
            case HistoryEvent.AttributesOneofCase.ActivityTaskCompletedEventAttributes: state.Activities.Remove(happened.ActivityTaskCompletedEventAttributes.ScheduledEventId); break;
            case HistoryEvent.AttributesOneofCase.ActivityTaskFailedEventAttributes: state.Activities.Remove(happened.ActivityTaskFailedEventAttributes.ScheduledEventId); break;
            case HistoryEvent.AttributesOneofCase.ActivityTaskTimedOutEventAttributes: state.Activities.Remove(happened.ActivityTaskTimedOutEventAttributes.ScheduledEventId); break;
            case HistoryEvent.AttributesOneofCase.ActivityTaskCanceledEventAttributes: state.Activities.Remove(happened.ActivityTaskCanceledEventAttributes.ScheduledEventId); break;
            case HistoryEvent.AttributesOneofCase.TimerStartedEventAttributes:
                var timer = happened.TimerStartedEventAttributes;
                state.Timers[timer.TimerId] = new UserTimer { TimerId = timer.TimerId, StartedEventId = happened.EventId, Due = happened.EventTime + (timer.StartToFireTimeout ?? new Duration()) };
                break;
            case HistoryEvent.AttributesOneofCase.TimerFiredEventAttributes: state.Timers.Remove(happened.TimerFiredEventAttributes.TimerId); break;
            case HistoryEvent.AttributesOneofCase.TimerCanceledEventAttributes: state.Timers.Remove(happened.TimerCanceledEventAttributes.TimerId); break;
            case HistoryEvent.AttributesOneofCase.StartChildWorkflowExecutionInitiatedEventAttributes:
                var initiated = happened.StartChildWorkflowExecutionInitiatedEventAttributes;
                state.Children[happened.EventId] = new Child { InitiatedEventId = happened.EventId, WorkflowId = initiated.WorkflowId, Initiated = initiated };
                break;
            case HistoryEvent.AttributesOneofCase.SignalExternalWorkflowExecutionInitiatedEventAttributes:
                state.Externals[happened.EventId] = new External
                {
                    WorkflowId = happened.SignalExternalWorkflowExecutionInitiatedEventAttributes.WorkflowExecution.WorkflowId,
                    Signal = happened.SignalExternalWorkflowExecutionInitiatedEventAttributes,
                };
                break;
            case HistoryEvent.AttributesOneofCase.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes:
                state.Externals[happened.EventId] = new External
                {
                    WorkflowId = happened.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes.WorkflowExecution.WorkflowId,
                    Cancel = happened.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes,
                };
                break;
            case HistoryEvent.AttributesOneofCase.ExternalWorkflowExecutionSignaledEventAttributes: state.Externals.Remove(happened.ExternalWorkflowExecutionSignaledEventAttributes.InitiatedEventId); break;
            case HistoryEvent.AttributesOneofCase.SignalExternalWorkflowExecutionFailedEventAttributes: state.Externals.Remove(happened.SignalExternalWorkflowExecutionFailedEventAttributes.InitiatedEventId); break;
            case HistoryEvent.AttributesOneofCase.ExternalWorkflowExecutionCancelRequestedEventAttributes: state.Externals.Remove(happened.ExternalWorkflowExecutionCancelRequestedEventAttributes.InitiatedEventId); break;
            case HistoryEvent.AttributesOneofCase.RequestCancelExternalWorkflowExecutionFailedEventAttributes: state.Externals.Remove(happened.RequestCancelExternalWorkflowExecutionFailedEventAttributes.InitiatedEventId); break;
            default:
                if (StatusAfter(happened.EventType) is { } status)
                {
                    Closed(happened, status);
                }
                else
                {
                    ApplyToChild(state, happened);
                }

                break;
        }
    }

    private static WorkflowExecutionStatus? StatusAfter(EventType type) => type switch
    {
        EventType.WorkflowExecutionCompleted => WorkflowExecutionStatus.Completed,
        EventType.WorkflowExecutionFailed => WorkflowExecutionStatus.Failed,
        EventType.WorkflowExecutionCanceled => WorkflowExecutionStatus.Canceled,
        EventType.WorkflowExecutionTerminated => WorkflowExecutionStatus.Terminated,
        EventType.WorkflowExecutionTimedOut => WorkflowExecutionStatus.TimedOut,
        EventType.WorkflowExecutionContinuedAsNew => WorkflowExecutionStatus.ContinuedAsNew,
        _ => null,
    };

    private void Closed(HistoryEvent happened, WorkflowExecutionStatus status)
    {
        (state.Status, state.CloseTime, state.CloseEvent, state.WorkflowTask) = (status, happened.EventTime, happened, null);
        state.Activities.Clear();
        state.Timers.Clear();
        state.Children.Clear();
        state.Externals.Clear();
    }

    /// <summary>What an event says of a child; false when it says nothing of one that the run waits for.</summary>
    public static bool ApplyToChild(RunState state, HistoryEvent happened)
    {
        if (happened.ChildWorkflowExecutionStartedEventAttributes is { } started)
        {
            if (!state.Children.TryGetValue(started.InitiatedEventId, out var child))
            {
                return false;
            }

            (child.StartedEventId, child.RunId, child.Started) = (happened.EventId, started.WorkflowExecution.RunId, true);
            return true;
        }

        return state.Children.Remove(happened.AttributesCase switch
        {
            HistoryEvent.AttributesOneofCase.StartChildWorkflowExecutionFailedEventAttributes => happened.StartChildWorkflowExecutionFailedEventAttributes.InitiatedEventId,
            HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionCompletedEventAttributes => happened.ChildWorkflowExecutionCompletedEventAttributes.InitiatedEventId,
            HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionFailedEventAttributes => happened.ChildWorkflowExecutionFailedEventAttributes.InitiatedEventId,
            HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionCanceledEventAttributes => happened.ChildWorkflowExecutionCanceledEventAttributes.InitiatedEventId,
            HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionTimedOutEventAttributes => happened.ChildWorkflowExecutionTimedOutEventAttributes.InitiatedEventId,
            HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionTerminatedEventAttributes => happened.ChildWorkflowExecutionTerminatedEventAttributes.InitiatedEventId,
            _ => 0,
        });
    }
}
