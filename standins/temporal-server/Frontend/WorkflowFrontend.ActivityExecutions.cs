using Grpc.Core;
using Temporalio.Api.Common.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Operations on activities under their newer names, which are for activities without a workflow too; those there are none of here.</summary>
internal sealed partial class WorkflowFrontend
{
    /// <inheritdoc/>
    public override async Task<PauseActivityExecutionResponse> PauseActivityExecution(PauseActivityExecutionRequest request, ServerCallContext context)
    {
        await PauseActivity(
            new()
            {
                Namespace = request.Namespace,
                Execution = Of(request.WorkflowId, request.RunId),
                Id = request.ActivityId,
                Identity = request.Identity,
                Reason = request.Reason,
                RequestId = request.RequestId,
            },
            context);
        return new PauseActivityExecutionResponse();
    }

    /// <inheritdoc/>
    public override async Task<UnpauseActivityExecutionResponse> UnpauseActivityExecution(UnpauseActivityExecutionRequest request, ServerCallContext context)
    {
        await UnpauseActivity(
            new() { Namespace = request.Namespace, Execution = Of(request.WorkflowId, request.RunId), Id = request.ActivityId, Identity = request.Identity, Jitter = request.Jitter }, context);
        return new UnpauseActivityExecutionResponse();
    }

    /// <inheritdoc/>
    public override async Task<ResetActivityExecutionResponse> ResetActivityExecution(ResetActivityExecutionRequest request, ServerCallContext context)
    {
        await ResetActivity(
            new()
            {
                Namespace = request.Namespace,
                Execution = Of(request.WorkflowId, request.RunId),
                Id = request.ActivityId,
                Identity = request.Identity,
                Jitter = request.Jitter,
                KeepPaused = request.KeepPaused,
                ResetHeartbeat = request.ResetHeartbeat,
                RestoreOriginalOptions = request.RestoreOriginalOptions,
            },
            context);
        return new ResetActivityExecutionResponse();
    }

    /// <inheritdoc/>
    public override async Task<UpdateActivityExecutionOptionsResponse> UpdateActivityExecutionOptions(UpdateActivityExecutionOptionsRequest request, ServerCallContext context)
    {
        var updated = await UpdateActivityOptions(
            new()
            {
                Namespace = request.Namespace,
                Execution = Of(request.WorkflowId, request.RunId),
                Id = request.ActivityId,
                Identity = request.Identity,
                ActivityOptions = request.ActivityOptions,
                UpdateMask = request.UpdateMask,
                RestoreOriginal = request.RestoreOriginal,
            },
            context);
        return new UpdateActivityExecutionOptionsResponse { ActivityOptions = updated.ActivityOptions };
    }

    private static WorkflowExecution Of(string workflowId, string runId) => workflowId.Length > 0
        ? new() { WorkflowId = workflowId, RunId = runId }
        : throw ApiErrors.Unimplemented("This server has no activities without a workflow: give the workflow's id.");
}
