using Grpc.Core;
using Mainstay.TemporalServer.Executions;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Deletion of runs.</summary>
internal sealed partial class WorkflowFrontend
{
    /// <inheritdoc/>
    public override async Task<DeleteWorkflowExecutionResponse> DeleteWorkflowExecution(DeleteWorkflowExecutionRequest request, ServerCallContext context)
    {
        var run = await FindAsync(request.Namespace, request.WorkflowExecution);
        await DeleteAsync(run, context.CancellationToken);
        return new DeleteWorkflowExecutionResponse();
    }

    // An open run is terminated, and what it has still to tell others is told, before it goes.
    private async Task DeleteAsync(Run run, CancellationToken cancellationToken)
    {
        await host.ApplyAsync(run, change =>
        {
            if (change.State.Status == WorkflowExecutionStatus.Running)
            {
                change.Terminate("Delete workflow execution", null, "history-service");
            }

            return true;
        });
        await WaitAsync(run, state => state.Outbound.Count == 0, cancellationToken);
        if (run.State.Outbound.Count > 0)
        {
            throw ApiErrors.With(StatusCode.Unavailable, "the workflow still tells others of its end, please retry", null);
        }

        await store.DeleteRunAsync(run.State.RunId);
    }
}
