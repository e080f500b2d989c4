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

        if (act.ActCase is Outbound.ActOneofCase.Signal or Outbound.ActOneofCase.Cancel && act.WorkflowId == from.WorkflowId)
        {
            // Temporal knows no run that is external to itself.
            return ActAnswer.Nobody;
        }

        var target = await FindAsync(from.Namespace, act.WorkflowId, act.ActCase == Outbound.ActOneofCase.CloseChild ? "" : act.RunId);
        while (act.ActCase == Outbound.ActOneofCase.TellParent && target is { State: { Status: not WorkflowExecutionStatus.Running, ResetRunId.Length: > 0 } })
        {
            target = await runs.GetAsync(target.State.ResetRunId);
        }

        if (target is null || target.State.Status != WorkflowExecutionStatus.Running)
        {
            return ActAnswer.Nobody;
        }

        var refused = false;
        var done = await ApplyAsync(target, change =>
        {
            refused = act.ActCase == Outbound.ActOneofCase.Signal && !change.HasHad(RequestId(from, act)) && !change.HasRoomForSignal;
            return !refused && change.State.Status == WorkflowExecutionStatus.Running && (!act.ChildOnly || IsChild(change.State, from)) && Deliver(change, from, act, sender);
        });
        return done ? new ActAnswer(target.State.RunId) : refused ? ActAnswer.No : ActAnswer.Nobody;
    }

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

    private Task<ActAnswer> StartChildAsync(RunState from, Outbound act, WorkflowExecution parent) =>
        StartingAsync(from.Namespace, act.WorkflowId, async () =>
        {
            var requestId = RequestId(from, act);
            if (await FindAsync(from.Namespace, act.WorkflowId, "") is { } there)
            {
                if (there.State.StartRequestId == requestId)
                {
                    return new ActAnswer(there.State.RunId);
                }

                if (there.State.Status == WorkflowExecutionStatus.Running || act.StartChild.WorkflowIdReusePolicy == WorkflowIdReusePolicy.RejectDuplicate)
                {
                    return ActAnswer.No;
                }
            }

            var runId = Guid.CreateVersion7(clock.GetUtcNow()).ToString();
            var asked = act.StartChild;
            var started = new WorkflowExecutionStartedEventAttributes
            {
                WorkflowType = asked.WorkflowType,
                ParentWorkflowNamespace = from.Namespace,
                ParentWorkflowExecution = parent,
                ParentInitiatedEventId = act.InitiatedEventId,
                RootWorkflowExecution = from.Started.RootWorkflowExecution ?? parent,
                TaskQueue = asked.TaskQueue,
                Input = asked.Input,
                WorkflowExecutionTimeout = asked.WorkflowExecutionTimeout,
                WorkflowRunTimeout = asked.WorkflowRunTimeout,
                WorkflowTaskTimeout = asked.WorkflowTaskTimeout,
                OriginalExecutionRunId = runId,
                FirstExecutionRunId = runId,
                RetryPolicy = asked.RetryPolicy,
                Attempt = 1,
                CronSchedule = asked.CronSchedule,
                FirstWorkflowTaskBackoff = new(),
                Memo = asked.Memo,
                SearchAttributes = asked.SearchAttributes,
                Header = asked.Header,
                WorkflowId = act.WorkflowId,
            };
            await AddAsync(RunChange.Start(from.Namespace, runId, started, requestId, clock.GetUtcNow()).Begin().Finish());
            return new ActAnswer(runId);
        });
}
