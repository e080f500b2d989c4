using System.Globalization;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Grpc.Core;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Workflow.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Describing and listing runs.</summary>
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
            },
            WorkflowExecutionInfo = RunView.Info(state),
            WorkflowExtendedInfo = new WorkflowExecutionExtendedInfo
            {
                ExecutionExpirationTime = state.Started.WorkflowExecutionExpirationTime,
                RunExpirationTime = state.RunExpiration,
                CancelRequested = state.CancelRequested,
                OriginalStartTime = state.StartTime,
            },
        };
        response.PendingActivities.AddRange(state.Activities.Values.OrderBy(a => a.ScheduledEventId).Select(RunView.Pending));
        response.PendingChildren.AddRange(state.Children.Values.OrderBy(c => c.InitiatedEventId).Select(RunView.Pending));
        response.PendingWorkflowTask = state.WorkflowTask is { } task ? RunView.Pending(task) : null;
        return response;
    }

    /// <inheritdoc/>
    public override async Task<ListWorkflowExecutionsResponse> ListWorkflowExecutions(ListWorkflowExecutionsRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        var (status, type, workflowId) = Conditions(request.Query);
        var size = request.PageSize > 0 ? request.PageSize : 1000;
        _ = int.TryParse(request.NextPageToken.ToStringUtf8(), CultureInfo.InvariantCulture, out var skip);
        var found = await store.ListAsync(request.Namespace, status, type, workflowId, size, skip);
        return new ListWorkflowExecutionsResponse
        {
            Executions = { found.Select(RunView.Info) },
            NextPageToken = found.Count == size ? ByteString.CopyFromUtf8((skip + size).ToString(CultureInfo.InvariantCulture)) : ByteString.Empty,
        };
    }

    private static (WorkflowExecutionStatus? Status, string? Type, string? WorkflowId) Conditions(string query)
    {
        WorkflowExecutionStatus? status = null;
        string? type = null, workflowId = null;
        foreach (var part in query.Split(" AND ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var condition = Equality().Match(part);
            switch (condition.Groups["name"].Value)
            {
                case "ExecutionStatus" when Enum.TryParse<WorkflowExecutionStatus>(condition.Groups["value"].Value, out var given): status = given; break;
                case "WorkflowType": type = condition.Groups["value"].Value; break;
                case "WorkflowId": workflowId = condition.Groups["value"].Value; break;
                default: throw ApiErrors.Invalid($"invalid query: operation is not supported: '{part}'");
            }
        }

        return (status, type, workflowId);
    }

    [GeneratedRegex("^(?<name>[A-Za-z]+) *= *['\"](?<value>[^'\"]*)['\"]$")]
    private static partial Regex Equality();
}
