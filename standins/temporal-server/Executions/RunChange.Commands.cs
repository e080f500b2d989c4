using Google.Protobuf.WellKnownTypes;
using Mainstay.TemporalServer.Visibility;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.TaskQueue.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>One method per command type.</summary>
internal sealed partial class RunChange
{
    private void Apply(Command command)
    {
        var before = Events.Count;
        CommandRules.Check(command);
        CheckSizes(command);
        switch (command.CommandType)
        {
            case CommandType.ScheduleActivityTask: ScheduleActivity(command.ScheduleActivityTaskCommandAttributes); break;
            case CommandType.RequestCancelActivityTask: RequestCancelActivity(command.RequestCancelActivityTaskCommandAttributes); break;
            case CommandType.StartTimer: StartTimer(command.StartTimerCommandAttributes); break;
            case CommandType.CancelTimer: CancelTimer(command.CancelTimerCommandAttributes); break;
            case CommandType.CompleteWorkflowExecution: Complete(command.CompleteWorkflowExecutionCommandAttributes); break;
            case CommandType.FailWorkflowExecution: Fail(command.FailWorkflowExecutionCommandAttributes); break;
            case CommandType.CancelWorkflowExecution: Cancel(command.CancelWorkflowExecutionCommandAttributes); break;
            case CommandType.ContinueAsNewWorkflowExecution: ContinueAsNew(command.ContinueAsNewWorkflowExecutionCommandAttributes); break;
            case CommandType.RecordMarker: RecordMarker(command.RecordMarkerCommandAttributes); break;
            case CommandType.StartChildWorkflowExecution: StartChild(command.StartChildWorkflowExecutionCommandAttributes, command.UserMetadata); break;
            case CommandType.SignalExternalWorkflowExecution: SignalExternal(command.SignalExternalWorkflowExecutionCommandAttributes); break;
            case CommandType.RequestCancelExternalWorkflowExecution: CancelExternal(command.RequestCancelExternalWorkflowExecutionCommandAttributes); break;
            case CommandType.UpsertWorkflowSearchAttributes: UpsertSearchAttributes(command.UpsertWorkflowSearchAttributesCommandAttributes); break;
            case CommandType.ModifyWorkflowProperties: ModifyProperties(command.ModifyWorkflowPropertiesCommandAttributes); break;
            default: throw new InvalidCompletionException($"unknown command type: {command.CommandType}");
        }

        if (command.UserMetadata is not null && Events.Count > before)
        {
            Events[before].UserMetadata = command.UserMetadata;
        }
    }

    private void StartTimer(StartTimerCommandAttributes asked)
    {
        if (asked.TimerId.Length == 0)
        {
            throw new BadCommandException(WorkflowTaskFailedCause.BadStartTimerAttributes, "BadStartTimerAttributes: TimerId is not set on StartTimerCommand.");
        }

        if (State.Timers.ContainsKey(asked.TimerId))
        {
            throw new BadCommandException(
                WorkflowTaskFailedCause.StartTimerDuplicateId, $"StartTimerDuplicateId: invalid history builder state for action: add-timer-started-event, TimerID: {asked.TimerId}");
        }

        var started = Append(new HistoryEvent
        {
            EventType = EventType.TimerStarted,
            TimerStartedEventAttributes = new() { TimerId = asked.TimerId, StartToFireTimeout = asked.StartToFireTimeout, WorkflowTaskCompletedEventId = completedId },
        });
        State.Timers[asked.TimerId] = new UserTimer { TimerId = asked.TimerId, StartedEventId = started.EventId, Due = Later(asked.StartToFireTimeout) };
    }

    private void CancelTimer(CancelTimerCommandAttributes asked)
    {
        long startedId;
        if (State.Timers.TryGetValue(asked.TimerId, out var timer))
        {
            State.Timers.Remove(asked.TimerId);
            startedId = timer.StartedEventId;
        }
        else if (State.Buffered.FirstOrDefault(e => e.TimerFiredEventAttributes?.TimerId == asked.TimerId) is { } fired)
        {
            State.Buffered.Remove(fired);
            startedId = fired.TimerFiredEventAttributes.StartedEventId;
        }
        else
        {
            throw new BadCommandException(
                WorkflowTaskFailedCause.BadCancelTimerAttributes, $"BadCancelTimerAttributes: invalid history builder state for action: add-timer-canceled-event, TimerID: {asked.TimerId}");
        }

        Append(new HistoryEvent
        {
            EventType = EventType.TimerCanceled,
            TimerCanceledEventAttributes = new() { TimerId = asked.TimerId, StartedEventId = startedId, WorkflowTaskCompletedEventId = completedId, Identity = worker },
        });
    }

    private void Complete(CompleteWorkflowExecutionCommandAttributes asked)
    {
        var successor = NextOfCron(asked.Result, failure: null);
        Close(
            WorkflowExecutionStatus.Completed,
            new HistoryEvent
            {
                EventType = EventType.WorkflowExecutionCompleted,
                WorkflowExecutionCompletedEventAttributes = new() { Result = asked.Result, WorkflowTaskCompletedEventId = completedId, NewExecutionRunId = successor?.State.RunId ?? "" },
            },
            successor);
    }

    private void Fail(FailWorkflowExecutionCommandAttributes asked)
    {
        var (retryState, successor) = NextAttempt(asked.Failure, TimeoutType.Unspecified);
        Close(
            WorkflowExecutionStatus.Failed,
            new HistoryEvent
            {
                EventType = EventType.WorkflowExecutionFailed,
                WorkflowExecutionFailedEventAttributes = new() { Failure = asked.Failure, RetryState = retryState, WorkflowTaskCompletedEventId = completedId, NewExecutionRunId = successor?.State.RunId ?? "" },
            },
            successor);
    }

    private void Cancel(CancelWorkflowExecutionCommandAttributes asked) =>
        Close(WorkflowExecutionStatus.Canceled, new HistoryEvent
        {
            EventType = EventType.WorkflowExecutionCanceled,
            WorkflowExecutionCanceledEventAttributes = new() { Details = asked.Details, WorkflowTaskCompletedEventId = completedId },
        });

    private void ContinueAsNew(ContinueAsNewWorkflowExecutionCommandAttributes asked)
    {
        var started = Inherit(ContinueAsNewInitiator.Workflow);
        started.WorkflowType = asked.WorkflowType is { Name.Length: > 0 } ? asked.WorkflowType : started.WorkflowType;
        started.TaskQueue = asked.TaskQueue is { Name.Length: > 0 } ? new TaskQueue { Name = asked.TaskQueue.Name, Kind = TaskQueueKind.Normal } : started.TaskQueue;
        started.Input = asked.Input;
        started.Header = asked.Header;
        started.RetryPolicy = asked.RetryPolicy ?? started.RetryPolicy;
        started.WorkflowRunTimeout = asked.WorkflowRunTimeout.IsSet() ? asked.WorkflowRunTimeout : started.WorkflowRunTimeout;
        started.WorkflowTaskTimeout = asked.WorkflowTaskTimeout.IsSet() ? asked.WorkflowTaskTimeout : started.WorkflowTaskTimeout;
        started.Memo = asked.Memo ?? State.Memo;
        started.SearchAttributes = Checked(asked.SearchAttributes, WorkflowTaskFailedCause.BadSearchAttributes) ?? State.SearchAttributes;
        var oneSecondApart = State.StartTime + new Duration { Seconds = 1 } - Now;
        var asks = asked.BackoffStartInterval ?? new Duration();
        var successor = Succeed(started, asks.IsSet() ? asks : oneSecondApart.IsSet() ? oneSecondApart : new Duration());
        Close(
            WorkflowExecutionStatus.ContinuedAsNew,
            new HistoryEvent
            {
                EventType = EventType.WorkflowExecutionContinuedAsNew,
                WorkflowExecutionContinuedAsNewEventAttributes = new()
                {
                    NewExecutionRunId = successor.State.RunId,
                    WorkflowType = started.WorkflowType,
                    TaskQueue = started.TaskQueue,
                    Input = started.Input,
                    Header = started.Header,
                    WorkflowRunTimeout = started.WorkflowRunTimeout,
                    WorkflowTaskTimeout = started.WorkflowTaskTimeout,
                    WorkflowTaskCompletedEventId = completedId,
                    BackoffStartInterval = asked.BackoffStartInterval,
                    Initiator = asked.Initiator,
                    Memo = started.Memo,
                    SearchAttributes = started.SearchAttributes,
                    InheritBuildId = asked.InheritBuildId,
                },
            },
            successor);
    }

    private void RecordMarker(RecordMarkerCommandAttributes asked)
    {
        var marker = new MarkerRecordedEventAttributes { MarkerName = asked.MarkerName, WorkflowTaskCompletedEventId = completedId, Header = asked.Header, Failure = asked.Failure };
        marker.Details.Add(asked.Details);
        Append(new HistoryEvent { EventType = EventType.MarkerRecorded, MarkerRecordedEventAttributes = marker });
    }

    private void UpsertSearchAttributes(UpsertWorkflowSearchAttributesCommandAttributes asked)
    {
        var checkedOnes = Checked(asked.SearchAttributes, WorkflowTaskFailedCause.BadSearchAttributes);
        Append(new HistoryEvent
        {
            EventType = EventType.UpsertWorkflowSearchAttributes,
            UpsertWorkflowSearchAttributesEventAttributes = new() { SearchAttributes = checkedOnes, WorkflowTaskCompletedEventId = completedId },
        });
        State.SearchAttributes = State.SearchAttributes?.Clone() ?? new();
        Merge(State.SearchAttributes.IndexedFields, checkedOnes?.IndexedFields);
    }

    private void ModifyProperties(ModifyWorkflowPropertiesCommandAttributes asked)
    {
        Append(new HistoryEvent
        {
            EventType = EventType.WorkflowPropertiesModified,
            WorkflowPropertiesModifiedEventAttributes = new() { UpsertedMemo = asked.UpsertedMemo, WorkflowTaskCompletedEventId = completedId },
        });
        State.Memo = State.Memo?.Clone() ?? new();
        Merge(State.Memo.Fields, asked.UpsertedMemo?.Fields);
    }

    private SearchAttributes? Checked(SearchAttributes? asked, WorkflowTaskFailedCause cause)
    {
        try
        {
            return CheckAttributes(asked);
        }
        catch (SearchAttributeException e)
        {
            throw new BadCommandException(cause, $"{cause}: {e.Message}");
        }
    }

    /// <summary>Puts changed values in place and takes those away that are unset.</summary>
    public static void Merge(IDictionary<string, Payload> into, IDictionary<string, Payload>? changes)
    {
        foreach (var (key, value) in changes ?? new Dictionary<string, Payload>())
        {
            if (AttributeValue.IsUnset(value))
            {
                into.Remove(key);
            }
            else
            {
                into[key] = value;
            }
        }
    }
}
