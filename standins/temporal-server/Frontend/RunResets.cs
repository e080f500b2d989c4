using Mainstay.TemporalServer.Executions;
using Mainstay.TemporalServer.Storage;
using Mainstay.TemporalServer.Timers;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Workflow.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Lets workflows begin again from a point in their history, by request of a client or a batch operation.</summary>
internal sealed class RunResets(RunHost host, Store store, WorkflowClock clock)
{
    /// <summary>Refuses a request for what cannot be done after a reset.</summary>
    public static void Check(IEnumerable<PostResetOperation> operations)
    {
        foreach (var operation in operations)
        {
            if (operation.VariantCase == PostResetOperation.VariantOneofCase.UpdateWorkflowOptions)
            {
                OptionsRules.Check(operation.UpdateWorkflowOptions.WorkflowExecutionOptions, operation.UpdateWorkflowOptions.UpdateMask);
            }
            else if (operation.VariantCase != PostResetOperation.VariantOneofCase.SignalWorkflow)
            {
                throw ApiErrors.Invalid($"unsupported post reset operation: {operation.VariantCase}");
            }
        }
    }

    /// <summary>Begins again where the request says, in place of the newest run; a repeated request gives the run that the first one made.</summary>
    public Task<string> ResetAsync(Run target, ResetWorkflowExecutionRequest request) => host.StartingAsync(request.Namespace, target.State.WorkflowId, async () =>
    {
        var current = await host.FindAsync(request.Namespace, target.State.WorkflowId, "") ?? target;
        if (request.RequestId.Length > 0 && current.State.StartRequestId == request.RequestId)
        {
            return current.State.RunId;
        }

        var reset = await NewRunAsync(target.State, request);
        if (current.State.Status == WorkflowExecutionStatus.Running)
        {
            await GiveWayAsync(current, reset, request.Reason);
        }

        if (await host.GetAnyAsync(reset.State.RunId) is null)
        {
            await host.AddAsync(reset);
        }

        if (target != current)
        {
            await GiveWayAsync(target, reset, request.Reason);
        }

        return reset.State.RunId;
    });

    /// <summary>The end of the first or the last workflow task of a run, where a reset may begin; nothing when it has had none.</summary>
    public async Task<long?> TaskEndAsync(string runId, bool last)
    {
        var events = await store.HistoryAsync(runId, 1, int.MaxValue);
        var ends = events.Where(e => e.EventType == EventType.WorkflowTaskCompleted).Select(e => (long?)e.EventId);
        var scheduled = events.Where(e => e.EventType == EventType.WorkflowTaskScheduled).Select(e => (long?)(e.EventId + 1));
        return last ? ends.LastOrDefault() ?? scheduled.FirstOrDefault() : ends.FirstOrDefault() ?? scheduled.FirstOrDefault();
    }

    private Task<bool> GiveWayAsync(Run run, RunChange reset, string reason) => host.ApplyAsync(run, change =>
    {
        change.GiveWayTo(reset, reason);
        return true;
    });

    private async Task<RunChange> NewRunAsync(RunState target, ResetWorkflowExecutionRequest request)
    {
        var finish = request.WorkflowTaskFinishEventId;
        if (finish <= 1 || finish >= target.NextEventId)
        {
            throw ApiErrors.Invalid("Workflow task finish ID must be > 1 && <= workflow last event ID.");
        }

        var now = clock.GetUtcNow();
        var events = await store.HistoryAsync(target.RunId, 1, int.MaxValue);
        var kept = events.TakeWhile(e => e.EventId < finish).ToList();
        var reset = RunChange.Reset(target, kept, Guid.CreateVersion7(now).ToString(), request.Reason, request.RequestId, now)
            ?? throw ApiErrors.Invalid($"StateRebuilder unable to Rebuild mutable state to event ID: {finish - 1}, version: 0, this event must be at the boundary");
        var signals = request.ResetReapplyType != ResetReapplyType.None && !request.ResetReapplyExcludeTypes.Contains(ResetReapplyExcludeType.Signal);
        var updates = request.ResetReapplyType is ResetReapplyType.Unspecified or ResetReapplyType.AllEligible && !request.ResetReapplyExcludeTypes.Contains(ResetReapplyExcludeType.Update);
        foreach (var happened in events.Skip(kept.Count).Concat(await LaterAsync(target)))
        {
            reset.Reapply(happened, signals, updates);
        }

        foreach (var operation in request.PostResetOperations)
        {
            Apply(reset, operation, request.Identity);
        }

        reset.ResendOutbound();
        return reset.Finish();
    }

    private static void Apply(RunChange reset, PostResetOperation operation, string identity)
    {
        if (operation.UpdateWorkflowOptions is { } update)
        {
            reset.UpdateOptions(update.WorkflowExecutionOptions, identity);
            return;
        }

        reset.Signal(new WorkflowExecutionSignaledEventAttributes
        {
            SignalName = operation.SignalWorkflow.SignalName,
            Input = operation.SignalWorkflow.Input,
            Header = operation.SignalWorkflow.Header,
            Identity = identity,
        });
    }

    // What came to the runs that the target was continued as.
    private async Task<List<HistoryEvent>> LaterAsync(RunState target)
    {
        var later = new List<HistoryEvent>();
        while (target.SuccessorRunId.Length > 0 && await host.GetAnyAsync(target.SuccessorRunId) is { } next)
        {
            target = next.State;
            later.AddRange((await store.HistoryAsync(target.RunId, 1, int.MaxValue)).Where(e => e.EventType is EventType.WorkflowExecutionSignaled or EventType.WorkflowExecutionUpdateAccepted or EventType.WorkflowExecutionUpdateAdmitted));
        }

        return later;
    }
}
