using Grpc.Core;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Resets, and changes of a run's options.</summary>
internal sealed partial class WorkflowFrontend
{
    /// <inheritdoc/>
    public override async Task<ResetWorkflowExecutionResponse> ResetWorkflowExecution(ResetWorkflowExecutionRequest request, ServerCallContext context)
    {
        var target = await FindAsync(request.Namespace, request.WorkflowExecution);
        RunResets.Check(request.PostResetOperations);
        return new ResetWorkflowExecutionResponse { RunId = await resets.ResetAsync(target, request) };
    }

    /// <inheritdoc/>
    public override async Task<UpdateWorkflowExecutionOptionsResponse> UpdateWorkflowExecutionOptions(UpdateWorkflowExecutionOptionsRequest request, ServerCallContext context)
    {
        OptionsRules.Check(request.WorkflowExecutionOptions, request.UpdateMask);
        var run = await FindAsync(request.Namespace, request.WorkflowExecution, open: true);
        var response = new UpdateWorkflowExecutionOptionsResponse();
        await host.ApplyAsync(run, change =>
        {
            RequireOpen(change.State);
            response.WorkflowExecutionOptions = change.UpdateOptions(request.WorkflowExecutionOptions, request.Identity);
            return true;
        });
        return response;
    }
}
