using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Sdk.V1;
using Temporalio.Api.TaskQueue.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>What a run does to others, and what comes of it.</summary>
internal sealed partial class RunChange
{
    private void StartChild(StartChildWorkflowExecutionCommandAttributes asked, UserMetadata? metadata)
    {
        RequireHere(asked.Namespace, WorkflowTaskFailedCause.BadStartChildExecutionAttributes);
        CheckPending(State.Children.Count, "pending child workflow executions", WorkflowTaskFailedCause.PendingChildWorkflowsLimitExceeded);
        var runTimeout = Least(asked.WorkflowRunTimeout, asked.WorkflowExecutionTimeout) ?? asked.WorkflowRunTimeout;
        var initiated = new StartChildWorkflowExecutionInitiatedEventAttributes
        {
            Namespace = State.Namespace,
            WorkflowId = asked.WorkflowId,
            WorkflowType = asked.WorkflowType,
            TaskQueue = new TaskQueue { Name = asked.TaskQueue is { Name.Length: > 0 } ? asked.TaskQueue.Name : State.Started.TaskQueue.Name, Kind = TaskQueueKind.Normal },
            Input = asked.Input,
            WorkflowExecutionTimeout = asked.WorkflowExecutionTimeout,
            WorkflowRunTimeout = runTimeout,
            WorkflowTaskTimeout = Least(asked.WorkflowTaskTimeout.IsSet() ? asked.WorkflowTaskTimeout : new Duration { Seconds = 10 }, runTimeout),
            ParentClosePolicy = asked.ParentClosePolicy == ParentClosePolicy.Unspecified ? ParentClosePolicy.Terminate : asked.ParentClosePolicy,
            WorkflowTaskCompletedEventId = completedId,
            WorkflowIdReusePolicy = asked.WorkflowIdReusePolicy == WorkflowIdReusePolicy.Unspecified ? WorkflowIdReusePolicy.AllowDuplicate : asked.WorkflowIdReusePolicy,
            RetryPolicy = asked.RetryPolicy is null ? null : RetryRules.Fill(asked.RetryPolicy),
            CronSchedule = asked.CronSchedule,
            Header = asked.Header,
            Memo = asked.Memo,
            SearchAttributes = Checked(asked.SearchAttributes, WorkflowTaskFailedCause.BadSearchAttributes),
            InheritBuildId = asked.InheritBuildId,
            Priority = asked.Priority,
        };
        var happened = Append(new HistoryEvent { EventType = EventType.StartChildWorkflowExecutionInitiated, StartChildWorkflowExecutionInitiatedEventAttributes = initiated });
        State.Children[happened.EventId] = new Child { InitiatedEventId = happened.EventId, WorkflowId = asked.WorkflowId, Initiated = initiated };
        Send(new Outbound { WorkflowId = asked.WorkflowId, InitiatedEventId = happened.EventId, StartChild = initiated, UserMetadata = metadata });
    }

    private void SignalExternal(SignalExternalWorkflowExecutionCommandAttributes asked)
    {
        RequireHere(asked.Namespace, WorkflowTaskFailedCause.BadSignalWorkflowExecutionAttributes);
        CheckPending(Asked(Outbound.ActOneofCase.Signal), "pending signals to external workflows", WorkflowTaskFailedCause.PendingSignalsLimitExceeded);
        var initiated = new SignalExternalWorkflowExecutionInitiatedEventAttributes
        {
            WorkflowTaskCompletedEventId = completedId,
            Namespace = State.Namespace,
            WorkflowExecution = asked.Execution,
            SignalName = asked.SignalName,
            Input = asked.Input,
            Control = asked.Control,
            ChildWorkflowOnly = asked.ChildWorkflowOnly,
            Header = asked.Header,
        };
        var happened = Append(new HistoryEvent { EventType = EventType.SignalExternalWorkflowExecutionInitiated, SignalExternalWorkflowExecutionInitiatedEventAttributes = initiated });
        State.Externals[happened.EventId] = new External { WorkflowId = asked.Execution.WorkflowId, RunId = asked.Execution.RunId };
        Send(new Outbound { WorkflowId = asked.Execution.WorkflowId, RunId = asked.Execution.RunId, InitiatedEventId = happened.EventId, ChildOnly = asked.ChildWorkflowOnly, Signal = initiated });
    }

    private void CancelExternal(RequestCancelExternalWorkflowExecutionCommandAttributes asked)
    {
        RequireHere(asked.Namespace, WorkflowTaskFailedCause.BadRequestCancelExternalWorkflowExecutionAttributes);
        if (Events.Any(e => e.StartChildWorkflowExecutionInitiatedEventAttributes?.WorkflowId == asked.WorkflowId))
        {
            throw new BadCommandException(
                WorkflowTaskFailedCause.BadRequestCancelExternalWorkflowExecutionAttributes,
                "BadRequestCancelExternalWorkflowExecutionAttributes: Start and RequestCancel for child workflow is not allowed in same workflow task. "
                + $"WorkflowId={asked.WorkflowId} RunId={asked.RunId} Namespace={asked.Namespace}");
        }

        CheckPending(Asked(Outbound.ActOneofCase.Cancel), "pending requests to cancel external workflows", WorkflowTaskFailedCause.PendingRequestCancelLimitExceeded);
        var initiated = new RequestCancelExternalWorkflowExecutionInitiatedEventAttributes
        {
            WorkflowTaskCompletedEventId = completedId,
            Namespace = State.Namespace,
            WorkflowExecution = new WorkflowExecution { WorkflowId = asked.WorkflowId, RunId = asked.RunId },
            Control = asked.Control,
            ChildWorkflowOnly = asked.ChildWorkflowOnly,
            Reason = asked.Reason,
        };
        var happened = Append(new HistoryEvent { EventType = EventType.RequestCancelExternalWorkflowExecutionInitiated, RequestCancelExternalWorkflowExecutionInitiatedEventAttributes = initiated });
        State.Externals[happened.EventId] = new External { WorkflowId = asked.WorkflowId, RunId = asked.RunId };
        Send(new Outbound { WorkflowId = asked.WorkflowId, RunId = asked.RunId, InitiatedEventId = happened.EventId, ChildOnly = asked.ChildWorkflowOnly, Cancel = initiated });
    }

    private void RequireHere(string @namespace, WorkflowTaskFailedCause cause)
    {
        if (@namespace.Length > 0 && @namespace != State.Namespace)
        {
            throw new BadCommandException(cause, $"{cause}: cross namespace commands are not allowed");
        }
    }

    // Every one of them is an act that is not struck off yet.
    private int Asked(Outbound.ActOneofCase kind) => State.Outbound.Count(act => act.ActCase == kind);

    /// <summary>Strikes an act off once it is done, and writes what came of it.</summary>
    public void Answered(long outboundId, ActAnswer answer)
    {
        var act = State.Outbound.FirstOrDefault(o => o.Id == outboundId);
        if (act is null)
        {
            return;
        }

        State.Outbound.Remove(act);
        if (!Open)
        {
            CloseLate(act, answer);
            return;
        }

        var done = act.ActCase switch
        {
            Outbound.ActOneofCase.StartChild => ChildAnswered(act, answer),
            Outbound.ActOneofCase.Signal => SignalAnswered(act, answer),
            Outbound.ActOneofCase.Cancel => CancelAnswered(act, answer),
            _ => null,
        };
        State.Externals.Remove(act.InitiatedEventId);
        if (done is not null)
        {
            Hold(done);
        }
    }

    // A child whose start was under way when its parent ended: nobody else would ever end it.
    private void CloseLate(Outbound act, ActAnswer answer)
    {
        if (act.ActCase == Outbound.ActOneofCase.StartChild && answer.RunId.Length > 0 && act.StartChild.ParentClosePolicy != ParentClosePolicy.Abandon)
        {
            Send(new Outbound { WorkflowId = act.WorkflowId, RunId = answer.RunId, InitiatedEventId = act.InitiatedEventId, CloseChild = act.StartChild.ParentClosePolicy });
        }
    }

    private HistoryEvent? ChildAnswered(Outbound act, ActAnswer answer)
    {
        if (!State.Children.TryGetValue(act.InitiatedEventId, out var child))
        {
            return null;
        }

        if (answer.Refused)
        {
            State.Children.Remove(act.InitiatedEventId);
            return new HistoryEvent
            {
                EventType = EventType.StartChildWorkflowExecutionFailed,
                StartChildWorkflowExecutionFailedEventAttributes = new()
                {
                    Namespace = State.Namespace,
                    WorkflowId = act.WorkflowId,
                    WorkflowType = act.StartChild.WorkflowType,
                    Cause = StartChildWorkflowExecutionFailedCause.WorkflowAlreadyExists,
                    InitiatedEventId = act.InitiatedEventId,
                },
            };
        }

        child.RunId = answer.RunId;
        child.Started = true;
        return new HistoryEvent
        {
            EventType = EventType.ChildWorkflowExecutionStarted,
            ChildWorkflowExecutionStartedEventAttributes = new()
            {
                Namespace = State.Namespace,
                InitiatedEventId = act.InitiatedEventId,
                WorkflowExecution = new WorkflowExecution { WorkflowId = act.WorkflowId, RunId = answer.RunId },
                WorkflowType = act.StartChild.WorkflowType,
                Header = act.StartChild.Header,
            },
        };
    }

    private HistoryEvent SignalAnswered(Outbound act, ActAnswer answer) => answer.RunId.Length == 0
        ? new HistoryEvent
        {
            EventType = EventType.SignalExternalWorkflowExecutionFailed,
            SignalExternalWorkflowExecutionFailedEventAttributes = new()
            {
                Cause = answer.Refused ? SignalExternalWorkflowExecutionFailedCause.SignalCountLimitExceeded : SignalExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound,
                Namespace = State.Namespace,
                WorkflowExecution = act.Signal.WorkflowExecution,
                InitiatedEventId = act.InitiatedEventId,
                Control = act.Signal.Control,
            },
        }
        : new HistoryEvent
        {
            EventType = EventType.ExternalWorkflowExecutionSignaled,
            ExternalWorkflowExecutionSignaledEventAttributes = new()
            {
                InitiatedEventId = act.InitiatedEventId,
                Namespace = State.Namespace,
                WorkflowExecution = act.Signal.WorkflowExecution,
                Control = act.Signal.Control,
            },
        };

    private HistoryEvent CancelAnswered(Outbound act, ActAnswer answer) => answer.RunId.Length == 0
        ? new HistoryEvent
        {
            EventType = EventType.RequestCancelExternalWorkflowExecutionFailed,
            RequestCancelExternalWorkflowExecutionFailedEventAttributes = new()
            {
                Cause = CancelExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound,
                Namespace = State.Namespace,
                WorkflowExecution = act.Cancel.WorkflowExecution,
                InitiatedEventId = act.InitiatedEventId,
            },
        }
        : new HistoryEvent
        {
            EventType = EventType.ExternalWorkflowExecutionCancelRequested,
            ExternalWorkflowExecutionCancelRequestedEventAttributes = new() { InitiatedEventId = act.InitiatedEventId, Namespace = State.Namespace, WorkflowExecution = act.Cancel.WorkflowExecution },
        };
}

/// <summary>What came of an act on another run: the run it reached, none where there is no such run, or that the other side refused it (a child's id is taken, a run has had all its signals).</summary>
internal readonly record struct ActAnswer(string RunId, bool Refused = false)
{
    /// <summary>There is nobody the act could have reached.</summary>
    public static ActAnswer Nobody => new("");

    /// <summary>The other side is there and would not have it.</summary>
    public static ActAnswer No => new("", Refused: true);
}
