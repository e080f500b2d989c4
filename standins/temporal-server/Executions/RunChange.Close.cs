using Google.Protobuf.WellKnownTypes;
using Mainstay.TemporalServer.Schedules;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>The end of a run, and the run that takes over.</summary>
internal sealed partial class RunChange
{
    /// <summary>Ends the run from outside, whatever it was doing.</summary>
    public void Terminate(string reason, Payloads? details, string identity)
    {
        AbandonTask();
        Close(WorkflowExecutionStatus.Terminated, new HistoryEvent
        {
            EventType = EventType.WorkflowExecutionTerminated,
            WorkflowExecutionTerminatedEventAttributes = new() { Reason = reason, Details = details, Identity = identity },
        });
    }

    /// <summary>Has another run begin in the commit that ends this one.</summary>
    public void ReplaceWith(RunChange start) => Successor = start;

    private void TimeOut()
    {
        AbandonTask();
        var expired = State.Started.WorkflowExecutionExpirationTime is { } end && end <= Now;
        var (state, successor) = expired ? (RetryState.Timeout, null) : NextAttempt(null, TimeoutType.StartToClose);
        Close(
            WorkflowExecutionStatus.TimedOut,
            new HistoryEvent
            {
                EventType = EventType.WorkflowExecutionTimedOut,
                WorkflowExecutionTimedOutEventAttributes = new() { RetryState = state, NewExecutionRunId = successor?.State.RunId ?? "" },
            },
            successor);
    }

    private void AbandonTask()
    {
        if (State.WorkflowTask is { StartedEventId: > 0 } task)
        {
            WriteFailed(task, WorkflowTaskFailedCause.ForceCloseCommand, null, "history-service");
        }

        State.WorkflowTask = null;
        Flush();
    }

    private void Close(WorkflowExecutionStatus status, HistoryEvent end, RunChange? successor = null)
    {
        State.WorkflowTask = null;
        State.Status = status;
        State.CloseTime = Now;
        State.CloseEvent = Append(end).Clone();
        Successor = successor;
        State.SuccessorRunId = successor?.State.RunId ?? "";
        foreach (var child in State.Children.Values.Where(c => c.Started && c.Initiated.ParentClosePolicy != ParentClosePolicy.Abandon))
        {
            Send(new Outbound { WorkflowId = child.WorkflowId, RunId = child.RunId, InitiatedEventId = child.InitiatedEventId, CloseChild = child.Initiated.ParentClosePolicy });
        }

        if (successor is null && State.Started.ParentWorkflowExecution is { } parent)
        {
            Send(new Outbound { WorkflowId = parent.WorkflowId, RunId = parent.RunId, InitiatedEventId = State.Started.ParentInitiatedEventId, TellParent = State.CloseEvent });
        }

        State.Activities.Clear();
        State.Timers.Clear();
        State.Children.Clear();
        State.Externals.Clear();
    }

    private void Send(Outbound act)
    {
        act.Id = ++State.OutboundSequence;
        State.Outbound.Add(act);
    }

    private (RetryState State, RunChange? Successor) NextAttempt(Failure? failure, TimeoutType timeout)
    {
        var (retryState, wait) = RetryRules.Next(
            State.Started.RetryPolicy, State.Started.Attempt, failure, timeout, Now, State.Started.WorkflowExecutionExpirationTime, ownDelay: true);
        if (retryState != RetryState.InProgress)
        {
            return (retryState, NextOfCron(State.Started.LastCompletionResult, failure));
        }

        var started = Inherit(ContinueAsNewInitiator.Retry);
        started.Attempt = State.Started.Attempt + 1;
        started.ContinuedFailure = failure;
        started.LastCompletionResult = State.Started.LastCompletionResult;
        return (retryState, Succeed(started, wait!));
    }

    // The next run of a cron schedule, unless there is none or no time is left for it.
    private RunChange? NextOfCron(Payloads? result, Failure? failure)
    {
        if (State.Started.CronSchedule.Length == 0
            || WorkflowCron.Backoff(State.Started.CronSchedule, State.FirstTaskTime.ToDateTimeOffset(), now) is not { } wait
            || (State.Started.WorkflowExecutionExpirationTime is { } end && now + wait > end.ToDateTimeOffset()))
        {
            return null;
        }

        var started = Inherit(ContinueAsNewInitiator.CronSchedule);
        started.LastCompletionResult = result;
        started.ContinuedFailure = failure;
        return Succeed(started, Duration.FromTimeSpan(wait));
    }

    private WorkflowExecutionStartedEventAttributes Inherit(ContinueAsNewInitiator initiator)
    {
        var started = State.Started.Clone();
        started.ContinuedExecutionRunId = State.RunId;
        started.Initiator = initiator;
        started.Identity = "";
        started.Attempt = 1;
        started.ContinuedFailure = null;
        started.Memo = State.Memo;
        started.SearchAttributes = State.SearchAttributes;
        var first = State.FirstCompletedTaskId > 0 ? State.FirstCompletedTaskId : Events.Find(e => e.EventType == EventType.WorkflowTaskCompleted)?.EventId ?? 0;
        if (first > 0 && started.PrevAutoResetPoints is null)
        {
            started.PrevAutoResetPoints = new()
            {
                Points = { new Temporalio.Api.Workflow.V1.ResetPointInfo { RunId = State.RunId, FirstWorkflowTaskCompletedId = first, CreateTime = Now, ExpireTime = Now + Duration.FromTimeSpan(TimeSpan.FromDays(1)), Resettable = true } },
            };
        }

        return started;
    }

    private RunChange Succeed(WorkflowExecutionStartedEventAttributes started, Duration wait)
    {
        var runId = Guid.CreateVersion7(now).ToString();
        started.OriginalExecutionRunId = runId;
        started.FirstWorkflowTaskBackoff = wait;
        return Start(State.Namespace, runId, started, $"{State.RunId}/successor", now).Begin().Finish();
    }
}
