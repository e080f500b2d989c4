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
        if (request.ApiMode == DescribeTaskQueueMode.Enhanced)
        {
            return Task.FromResult(Enhanced(request));
        }

        var described = Describe(request.Namespace, request.TaskQueue!.Name, request.TaskQueueType);
        return Task.FromResult(new DescribeTaskQueueResponse
        {
            Pollers = { described.Pollers },
            Stats = request.ReportStats ? described.Stats : null,
            TaskQueueStatus = request.IncludeTaskQueueStatus ? new TaskQueueStatus { BacklogCountHint = described.Stats.ApproximateBacklogCount } : null,
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

    // As the command line asks: every type of a queue at once, of the one version that there is.
    private DescribeTaskQueueResponse Enhanced(DescribeTaskQueueRequest request)
    {
        if (request.TaskQueue.Kind == TaskQueueKind.Sticky)
        {
            throw ApiErrors.Invalid("Enhanced DescribeTaskQueue is not supported for sticky queues.");
        }

        var unversioned = new TaskQueueVersionInfo();
        foreach (var type in request.TaskQueueTypes.Count > 0 ? request.TaskQueueTypes.Distinct() : [TaskQueueType.Workflow, TaskQueueType.Activity])
        {
            var described = Describe(request.Namespace, request.TaskQueue.Name, type);
            unversioned.TypesInfo[(int)type] = new TaskQueueTypeInfo
            {
                Pollers = { request.ReportPollers ? described.Pollers : [] },
                Stats = request.ReportStats ? described.Stats : null,
            };
        }

        return new DescribeTaskQueueResponse { VersionsInfo = { [""] = unversioned } };
    }

    private (List<PollerInfo> Pollers, TaskQueueStats Stats) Describe(string @namespace, string queue, TaskQueueType type)
    {
        var workflow = type != TaskQueueType.Activity;
        var rate = queues.Pace(@namespace, queue, workflow).Rate ?? Unlimited;
        var (pollers, backlog, age) = queues.Describe(@namespace, queue, workflow);
        return (
            [.. pollers.Select(p => new PollerInfo { Identity = p.Identity, LastAccessTime = Timestamp.FromDateTimeOffset(p.LastPoll), RatePerSecond = rate })],
            new TaskQueueStats { ApproximateBacklogCount = backlog, ApproximateBacklogAge = Duration.FromTimeSpan(age) });
    }
}
