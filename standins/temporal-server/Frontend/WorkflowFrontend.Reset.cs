using Grpc.Core;
using Mainstay.TemporalServer.Executions;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Workflow.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Resets: a workflow begins again from a point in its history.</summary>
internal sealed partial class WorkflowFrontend
{
    /// <inheritdoc/>
    public override async Task<ResetWorkflowExecutionResponse> ResetWorkflowExecution(ResetWorkflowExecutionRequest request, ServerCallContext context)
    {
        var target = await FindAsync(request.Namespace, request.WorkflowExecution);
        if (request.PostResetOperations.Any(o => o.VariantCase != PostResetOperation.VariantOneofCase.SignalWorkflow))
        {
            throw ApiErrors.Invalid("This server supports no operations after a reset except signals.");
        }

        return await host.StartingAsync(request.Namespace, request.WorkflowExecution.WorkflowId, async () =>
        {
            var current = await FindAsync(request.Namespace, new() { WorkflowId = request.WorkflowExecution.WorkflowId });
            if (request.RequestId.Length > 0 && current.State.StartRequestId == request.RequestId)
            {
                return new ResetWorkflowExecutionResponse { RunId = current.State.RunId };
            }

            var reset = await ResetAsync(target.State, request);
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

            return new ResetWorkflowExecutionResponse { RunId = reset.State.RunId };
        });
    }

    private Task<bool> GiveWayAsync(Run run, RunChange reset, string reason) => host.ApplyAsync(run, change =>
    {
        change.GiveWayTo(reset, reason);
        return true;
    });

    private async Task<RunChange> ResetAsync(RunState target, ResetWorkflowExecutionRequest request)
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
            reset.Signal(new WorkflowExecutionSignaledEventAttributes
            {
                SignalName = operation.SignalWorkflow.SignalName,
                Input = operation.SignalWorkflow.Input,
                Header = operation.SignalWorkflow.Header,
                Identity = request.Identity,
            });
        }

        reset.ResendOutbound();
        return reset.Finish();
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
