using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>Carries out what runs do to others; every act is struck off only when its answer is stored, so that a crash repeats it and repetition does no harm.</summary>
internal sealed partial class RunHost
{
    private void SendOutbound(Run run)
    {
        lock (run.Gate)
        {
            if (run.Sending || run.State.Outbound.Count == 0)
            {
                return;
            }

            run.Sending = true;
        }

        _ = SendAllAsync(run);
    }

    private async Task SendAllAsync(Run run)
    {
        try
        {
            while (true)
            {
                Outbound act;
                lock (run.Gate)
                {
                    if (run.State.Outbound.Count == 0)
                    {
                        run.Sending = false;
                        return;
                    }

                    act = run.State.Outbound[0];
                }

                var answer = await SendAsync(run.State, act);
                await ApplyAsync(run, change =>
                {
                    change.Answered(act.Id, answer);
                    return true;
                });
                run.FailedActs = 0;
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The acts are in the stored state, so that a restart finds them too.
            Log.SendingFailed(logger, run.State.RunId, e);
            lock (run.Gate)
            {
                run.Sending = false;
            }

            due.Set(run.State.RunId, clock.GetUtcNow() + (RetryPause * Math.Min(60, Math.Pow(2, run.FailedActs++))));
        }
    }

    private async Task<ActAnswer> SendAsync(RunState from, Outbound act)
    {
        var sender = new WorkflowExecution { WorkflowId = from.WorkflowId, RunId = from.RunId };
        if (act.ActCase == Outbound.ActOneofCase.StartChild)
        {
            return await StartChildAsync(from, act, sender);
        }

        if (act.ActCase is Outbound.ActOneofCase.Signal or Outbound.ActOneofCase.Cancel && (act.WorkflowId == from.WorkflowId || from.Status != WorkflowExecutionStatus.Running))
        {
            // Temporal knows no run that is external to itself, and does nothing more for one that has ended.
            return ActAnswer.Nobody;
        }

        var target = await FindAsync(from.Namespace, act.WorkflowId, act.ActCase == Outbound.ActOneofCase.CloseChild ? "" : act.RunId);
        while (act.ActCase == Outbound.ActOneofCase.TellParent && target is { State: { Status: not WorkflowExecutionStatus.Running, ResetRunId.Length: > 0 } })
        {
            target = await runs.GetAsync(target.State.ResetRunId);
        }

        if (target is null || target.State.Status != WorkflowExecutionStatus.Running)
        {
            return target is not null && IsDoneAnyway(target.State, from, act) ? new ActAnswer(target.State.RunId) : ActAnswer.Nobody;
        }

        var refused = false;
        var done = await ApplyAsync(target, change =>
        {
            refused = act.ActCase == Outbound.ActOneofCase.Signal && !change.HasHad(RequestId(from, act)) && !change.HasRoomForSignal;
            return !refused && change.State.Status == WorkflowExecutionStatus.Running && (!act.ChildOnly || IsChild(change.State, from)) && Deliver(change, from, act, sender);
        });
        return done || IsDoneAnyway(target.State, from, act) ? new ActAnswer(target.State.RunId) : refused ? ActAnswer.No : ActAnswer.Nobody;
    }

    // Who asks to cancel what has ended has what was asked for, and a signal that came before the end has come.
    private static bool IsDoneAnyway(RunState target, RunState from, Outbound act) => target.Status != WorkflowExecutionStatus.Running && act.ActCase switch
    {
        Outbound.ActOneofCase.Cancel => true,
        Outbound.ActOneofCase.Signal => target.SignalRequestIds.Contains(RequestId(from, act)),
        _ => false,
    };

    private static string RequestId(RunState from, Outbound act) => $"{from.RunId}/{act.Id}";

    // A run that begins with another's history has the other's children.
    private static bool IsChild(RunState state, RunState of) =>
        state.Started.ParentWorkflowExecution is { } parent && parent.WorkflowId == of.WorkflowId && (parent.RunId == of.RunId || parent.RunId == of.Started.OriginalExecutionRunId);

    private static bool Deliver(RunChange change, RunState from, Outbound act, WorkflowExecution sender)
    {
        var requestId = RequestId(from, act);
        switch (act.ActCase)
        {
            case Outbound.ActOneofCase.Signal:
                change.Signal(new WorkflowExecutionSignaledEventAttributes
                {
                    SignalName = act.Signal.SignalName,
                    Input = act.Signal.Input,
                    Header = act.Signal.Header,
                    Identity = "history-service",
                    ExternalWorkflowExecution = sender,
                    RequestId = requestId,
                });
                return true;
            case Outbound.ActOneofCase.Cancel:
                change.RequestCancel(
                    new WorkflowExecutionCancelRequestedEventAttributes
                    {
                        Cause = act.Cancel.Reason,
                        ExternalInitiatedEventId = act.InitiatedEventId,
                        ExternalWorkflowExecution = sender,
                        Identity = "history-service",
                    },
                    requestId);
                return true;
            case Outbound.ActOneofCase.TellParent:
                return change.ChildClosed(act.InitiatedEventId, from.RunId, act.TellParent);
            case Outbound.ActOneofCase.CloseChild when change.State.Started.FirstExecutionRunId != act.RunId:
                return false;
            case Outbound.ActOneofCase.CloseChild when act.CloseChild == ParentClosePolicy.RequestCancel:
                change.RequestCancel(new WorkflowExecutionCancelRequestedEventAttributes { ExternalWorkflowExecution = sender, Identity = "history-service" }, requestId);
                return true;
            case Outbound.ActOneofCase.CloseChild:
                change.Terminate("by parent close policy", null, "history-service");
                return true;
            default:
                return false;
        }
    }
}
