using Mainstay.TemporalServer.Executions;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Batches;

/// <summary>What a batch operation does to one run; a run that is closed or gone has nothing done to it.</summary>
internal sealed class BatchActs(RunHost runs)
{
    /// <summary>Tells whether operations of the kind are carried out here.</summary>
    public static bool Covers(StartBatchOperationRequest.OperationOneofCase operation) => operation
        is StartBatchOperationRequest.OperationOneofCase.TerminationOperation or StartBatchOperationRequest.OperationOneofCase.SignalOperation
        or StartBatchOperationRequest.OperationOneofCase.CancellationOperation or StartBatchOperationRequest.OperationOneofCase.DeletionOperation;

    /// <summary>Acts on one run; repetition does no harm.</summary>
    public async Task ActAsync(StartBatchOperationRequest request, string runId)
    {
        if (await runs.GetAnyAsync(runId) is not { } run)
        {
            return;
        }

        if (request.OperationCase == StartBatchOperationRequest.OperationOneofCase.DeletionOperation)
        {
            await runs.DeleteAsync(run);
            return;
        }

        await runs.ApplyAsync(run, change => change.State.Status == WorkflowExecutionStatus.Running && Act(change, request));
    }

    private static bool Act(RunChange change, StartBatchOperationRequest request)
    {
        switch (request.OperationCase)
        {
            case StartBatchOperationRequest.OperationOneofCase.TerminationOperation:
                change.Terminate(request.Reason, request.TerminationOperation.Details, request.TerminationOperation.Identity);
                return true;
            case StartBatchOperationRequest.OperationOneofCase.CancellationOperation:
                change.RequestCancel(new WorkflowExecutionCancelRequestedEventAttributes { Cause = request.Reason, Identity = request.CancellationOperation.Identity }, request.JobId);
                return true;
            case StartBatchOperationRequest.OperationOneofCase.SignalOperation:
                change.Signal(new WorkflowExecutionSignaledEventAttributes
                {
                    SignalName = request.SignalOperation.Signal,
                    Input = request.SignalOperation.Input,
                    Header = request.SignalOperation.Header,
                    Identity = request.SignalOperation.Identity,
                    RequestId = $"batch-{request.JobId}",
                });
                return true;
            default:
                return false;
        }
    }
}
