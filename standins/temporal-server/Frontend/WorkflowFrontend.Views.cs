using Grpc.Core;
using Temporalio.Api.Workflow.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Descriptions of runs.</summary>
internal sealed partial class WorkflowFrontend
{
    /// <inheritdoc/>
    public override async Task<DescribeWorkflowExecutionResponse> DescribeWorkflowExecution(DescribeWorkflowExecutionRequest request, ServerCallContext context)
    {
        var state = (await FindAsync(request.Namespace, request.Execution)).State;
        var response = new DescribeWorkflowExecutionResponse
        {
            ExecutionConfig = new WorkflowExecutionConfig
            {
                TaskQueue = state.Started.TaskQueue,
                WorkflowExecutionTimeout = state.Started.WorkflowExecutionTimeout,
                WorkflowRunTimeout = state.Started.WorkflowRunTimeout,
                DefaultWorkflowTaskTimeout = state.Started.WorkflowTaskTimeout,
                UserMetadata = state.UserMetadata,
            },
            WorkflowExecutionInfo = RunView.Info(state),
            WorkflowExtendedInfo = new WorkflowExecutionExtendedInfo
            {
                ExecutionExpirationTime = state.Started.WorkflowExecutionExpirationTime,
                RunExpirationTime = state.RunExpiration ?? RunView.Never,
                CancelRequested = state.CancelRequested,
                OriginalStartTime = state.StartTime,
                RequestIdInfos = { RunView.RequestIds(state) },
            },
        };
        response.PendingActivities.AddRange(state.Activities.Values.OrderBy(a => a.ScheduledEventId).Select(RunView.Pending));
        response.PendingChildren.AddRange(state.Children.Values.OrderBy(c => c.InitiatedEventId).Select(RunView.Pending));
        response.PendingWorkflowTask = state.WorkflowTask is { } task ? RunView.Pending(task) : null;
        return response;
    }
}
