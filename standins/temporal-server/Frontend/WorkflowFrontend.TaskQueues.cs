using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Descriptions of task queues.</summary>
internal sealed partial class WorkflowFrontend
{
    // What Temporal shows where nobody has asked for less.
    private const double Unlimited = 100_000;

    /// <inheritdoc/>
    public override Task<DescribeTaskQueueResponse> DescribeTaskQueue(DescribeTaskQueueRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        RequireQueue(request.TaskQueue?.Name, "missing task queue name");
        var rate = queues.Pace(request.Namespace, request.TaskQueue!.Name, request.TaskQueueType != TaskQueueType.Activity).Rate ?? Unlimited;
        var (pollers, backlog) = queues.Describe(request.Namespace, request.TaskQueue.Name, request.TaskQueueType != TaskQueueType.Activity);
        return Task.FromResult(new DescribeTaskQueueResponse
        {
            Pollers = { pollers.Select(p => new PollerInfo { Identity = p.Identity, LastAccessTime = Timestamp.FromDateTimeOffset(p.LastPoll), RatePerSecond = rate }) },
            Stats = request.ReportStats ? new TaskQueueStats { ApproximateBacklogCount = backlog } : null,
            TaskQueueStatus = request.IncludeTaskQueueStatus ? new TaskQueueStatus { BacklogCountHint = backlog } : null,
        });
    }

    /// <inheritdoc/>
    public override Task<ListTaskQueuePartitionsResponse> ListTaskQueuePartitions(ListTaskQueuePartitionsRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        RequireQueue(request.TaskQueue?.Name, "missing task queue name");
        var only = new TaskQueuePartitionMetadata { Key = request.TaskQueue!.Name };
        return Task.FromResult(new ListTaskQueuePartitionsResponse { ActivityTaskQueuePartitions = { only }, WorkflowTaskQueuePartitions = { only } });
    }
}
