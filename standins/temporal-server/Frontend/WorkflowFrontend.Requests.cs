using Grpc.Core;
using Mainstay.TemporalServer.Executions;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Signals, cancel requests and terminations by clients.</summary>
internal sealed partial class WorkflowFrontend
{
    /// <inheritdoc/>
    public override async Task<SignalWorkflowExecutionResponse> SignalWorkflowExecution(SignalWorkflowExecutionRequest request, ServerCallContext context)
    {
        if (request.WorkflowExecution is { WorkflowId.Length: > 0 } && request.SignalName.Length == 0)
        {
            throw ApiErrors.Invalid("SignalName is not set on request.");
        }

        Limits.Check(request.Input);
        var run = await FindAsync(request.Namespace, request.WorkflowExecution);
        await host.ApplyAsync(run, change =>
        {
            if (change.HasHad(request.RequestId))
            {
                // A call repeated after the run's end is answered as the first one was.
                return false;
            }

            RequireOpen(change.State);
            RequireRoomForSignal(change);
            change.Signal(new WorkflowExecutionSignaledEventAttributes
            {
                SignalName = request.SignalName,
                Input = request.Input,
                Identity = request.Identity,
                Header = request.Header,
                RequestId = request.RequestId,
            });
            return true;
        });
        return new SignalWorkflowExecutionResponse();
    }

    private static void RequireRoomForSignal(RunChange change)
    {
        if (!change.HasRoomForSignal)
        {
            throw ApiErrors.TooManySignals();
        }
    }

    /// <inheritdoc/>
    public override async Task<RequestCancelWorkflowExecutionResponse> RequestCancelWorkflowExecution(RequestCancelWorkflowExecutionRequest request, ServerCallContext context)
    {
        var run = await FindInChainAsync(request.Namespace, request.WorkflowExecution, request.FirstExecutionRunId);
        if (run.State.Status == Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Running)
        {
            await host.ApplyAsync(run, change =>
            {
                if (change.State.Status == Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Running)
                {
                    change.RequestCancel(new WorkflowExecutionCancelRequestedEventAttributes { Cause = request.Reason, Identity = request.Identity }, request.RequestId);
                }

                return true;
            });
        }

        return new RequestCancelWorkflowExecutionResponse();
    }

    /// <inheritdoc/>
    public override async Task<TerminateWorkflowExecutionResponse> TerminateWorkflowExecution(TerminateWorkflowExecutionRequest request, ServerCallContext context)
    {
        var run = await FindInChainAsync(request.Namespace, request.WorkflowExecution, request.FirstExecutionRunId);
        await host.ApplyAsync(run, change =>
        {
            RequireOpen(change.State);
            change.Terminate(request.Reason.Length > 0 ? request.Reason : "terminated by user via frontend", request.Details, request.Identity);
            return true;
        });
        return new TerminateWorkflowExecutionResponse();
    }

    /// <inheritdoc/>
    public override async Task<ResetStickyTaskQueueResponse> ResetStickyTaskQueue(ResetStickyTaskQueueRequest request, ServerCallContext context)
    {
        var run = await FindAsync(request.Namespace, request.Execution, open: true);
        await host.ApplyAsync(run, change =>
        {
            change.ResetSticky();
            return true;
        });
        return new ResetStickyTaskQueueResponse();
    }

    /// <inheritdoc/>
    public override Task<ShutdownWorkerResponse> ShutdownWorker(ShutdownWorkerRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        if (request.StickyTaskQueue.Length > 0)
        {
            queues.Abandon(request.Namespace, request.StickyTaskQueue);
        }

        workers.Forget(request.Namespace, request.WorkerInstanceKey.Length > 0 ? request.WorkerInstanceKey : request.WorkerHeartbeat?.WorkerInstanceKey ?? "");
        return Task.FromResult(new ShutdownWorkerResponse());
    }
}
