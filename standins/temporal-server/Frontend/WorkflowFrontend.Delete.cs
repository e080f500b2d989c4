using Grpc.Core;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Deletion of runs.</summary>
internal sealed partial class WorkflowFrontend
{
    /// <inheritdoc/>
    public override async Task<DeleteWorkflowExecutionResponse> DeleteWorkflowExecution(DeleteWorkflowExecutionRequest request, ServerCallContext context)
    {
        await host.DeleteAsync(await FindAsync(request.Namespace, request.WorkflowExecution));
        return new DeleteWorkflowExecutionResponse();
    }
}
