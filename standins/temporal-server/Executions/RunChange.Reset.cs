using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>A run that begins with the first part of another's history.</summary>
internal sealed partial class RunChange
{
    /// <summary>A new run with the given events of the base run, whose last workflow task failed by the reset; nothing when they do not end in a task.</summary>
    public static RunChange? Reset(RunState baseRun, IReadOnlyList<HistoryEvent> kept, string runId, string reason, string requestId, DateTimeOffset now)
    {
        var state = RunRebuild.From(baseRun.Namespace, runId, kept);
        if (state.WorkflowTask is not { } task)
        {
            return null;
        }

        state.StartRequestId = requestId;
        var change = new RunChange(state, now);
        change.Events.AddRange(kept);
        change.BeginAnew();
        if (task.StartedEventId == 0)
        {
            (task.StartedTime, task.Identity) = (change.Now, "history-service");
            task.StartedEventId = change.Append(StartedEvent(task)).EventId;
        }

        state.WorkflowTask = null;
        change.Append(new HistoryEvent
        {
            EventType = EventType.WorkflowTaskFailed,
            WorkflowTaskFailedEventAttributes = new()
            {
                ScheduledEventId = task.ScheduledEventId,
                StartedEventId = task.StartedEventId,
                Cause = WorkflowTaskFailedCause.ResetWorkflow,
                Failure = new() { Message = reason, ResetWorkflowFailureInfo = new() },
                Identity = "history-service",
                BaseRunId = baseRun.RunId,
                NewRunId = runId,
            },
        });
        change.wake = true;
        return change;
    }

    /// <summary>Applies again what came to the base run after the point of the reset.</summary>
    public void Reapply(HistoryEvent happened, bool signals, bool updates)
    {
        if (signals && happened.WorkflowExecutionSignaledEventAttributes is { } signal)
        {
            Signal(signal);
        }
        else if ((happened.WorkflowExecutionUpdateAcceptedEventAttributes?.AcceptedRequest ?? happened.WorkflowExecutionUpdateAdmittedEventAttributes?.Request) is { } request)
        {
            Readmit(request, updates);
        }
        else if (happened.WorkflowExecutionCancelRequestedEventAttributes is { } cancel)
        {
            RequestCancel(cancel, "");
        }
        else if (RunRebuild.ApplyToChild(State, happened))
        {
            Hold(happened.Clone());
        }
    }

    private void Readmit(Temporalio.Api.Update.V1.Request request, bool updates)
    {
        if (updates && State.Updates.TryAdd(request.Meta.UpdateId, new Update { Request = request }))
        {
            Hold(new HistoryEvent
            {
                EventType = EventType.WorkflowExecutionUpdateAdmitted,
                WorkflowExecutionUpdateAdmittedEventAttributes = new() { Request = request, Origin = UpdateAdmittedEventOrigin.Reapply },
            });
        }
    }

    /// <summary>Sends again what had no answer where the history was cut off.</summary>
    public void ResendOutbound()
    {
        foreach (var child in State.Children.Values.Where(c => !c.Started))
        {
            Send(new Outbound { WorkflowId = child.WorkflowId, InitiatedEventId = child.InitiatedEventId, StartChild = child.Initiated });
        }

        foreach (var (initiatedId, external) in State.Externals)
        {
            var act = external.Signal is { } signal
                ? new Outbound { RunId = signal.WorkflowExecution.RunId, ChildOnly = signal.ChildWorkflowOnly, Signal = signal }
                : new Outbound { RunId = external.Cancel.WorkflowExecution.RunId, ChildOnly = external.Cancel.ChildWorkflowOnly, Cancel = external.Cancel };
            (act.WorkflowId, act.InitiatedEventId) = (external.WorkflowId, initiatedId);
            Send(act);
        }
    }

    /// <summary>Ends the run because another begins with the first part of its history; children go over to that one.</summary>
    public void GiveWayTo(RunChange reset, string reason)
    {
        State.ResetRunId = reset.State.RunId;
        if (!Open)
        {
            return;
        }

        foreach (var (initiatedId, child) in reset.State.Children)
        {
            if (State.Children.TryGetValue(initiatedId, out var mine) && mine.WorkflowId == child.WorkflowId)
            {
                State.Children.Remove(initiatedId);
            }
        }

        Terminate(reason, null, "history-service");
        ReplaceWith(reset);
    }

    private void BeginAnew()
    {
        State.StartTime = Now;
        State.FirstTaskTime = Now;
        if (State.Started.WorkflowRunTimeout.IsSet())
        {
            State.RunExpiration = Now + State.Started.WorkflowRunTimeout;
        }

        if (State.Started.WorkflowExecutionExpirationTime is { } expiration && (State.RunExpiration is null || expiration < State.RunExpiration))
        {
            State.RunExpiration = expiration;
        }

        foreach (var activity in State.Activities.Values)
        {
            (activity.FirstScheduledTime, activity.ScheduledTime) = (Now, Now);
            DispatchActivity(activity);
        }
    }
}
