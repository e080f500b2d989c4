using Google.Protobuf;
using Grpc.Core;
using Mainstay.TemporalServer.Visibility;
using Temporalio.Api.Worker.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Workers, as they describe themselves.</summary>
internal sealed partial class WorkflowFrontend
{
    // Ten times what a worker has to say.
    private const int LargestHeartbeat = 16 * 1024;

    /// <inheritdoc/>
    public override Task<RecordWorkerHeartbeatResponse> RecordWorkerHeartbeat(RecordWorkerHeartbeatRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        if (request.WorkerHeartbeat.Any(heartbeat => heartbeat.CalculateSize() > LargestHeartbeat))
        {
            throw ApiErrors.Invalid("WorkerHeartbeat exceeds size limit.");
        }

        foreach (var heartbeat in request.WorkerHeartbeat)
        {
            workers.Hear(request.Namespace, heartbeat);
        }

        return Task.FromResult(new RecordWorkerHeartbeatResponse());
    }

    /// <inheritdoc/>
    public override Task<ListWorkersResponse> ListWorkers(ListWorkersRequest request, ServerCallContext context)
    {
        var after = request.NextPageToken.ToStringUtf8();
        var most = request.PageSize is > 0 and <= LargestPage ? request.PageSize : LargestPage;
        var found = Matching(request.Namespace, request.Query).Where(worker => string.CompareOrdinal(worker.WorkerInstanceKey, after) > 0 || after.Length == 0).Take(most + 1).ToList();
        var page = found.Take(most).ToList();
        return Task.FromResult(new ListWorkersResponse
        {
            WorkersInfo = { page.Select(worker => new WorkerInfo { WorkerHeartbeat = worker }) },
            Workers = { page.Select(Entry) },
            NextPageToken = found.Count > most ? ByteString.CopyFromUtf8(page[^1].WorkerInstanceKey) : ByteString.Empty,
        });
    }

    /// <inheritdoc/>
    public override Task<CountWorkersResponse> CountWorkers(CountWorkersRequest request, ServerCallContext context) =>
        Task.FromResult(new CountWorkersResponse { Count = Matching(request.Namespace, request.Query).Count() });

    /// <inheritdoc/>
    public override Task<DescribeWorkerResponse> DescribeWorker(DescribeWorkerRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        return workers.Find(request.Namespace, request.WorkerInstanceKey) is { } worker
            ? Task.FromResult(new DescribeWorkerResponse { WorkerInfo = new() { WorkerHeartbeat = worker } })
            : throw ApiErrors.NotFound($"Worker {request.WorkerInstanceKey} not found");
    }

    private IEnumerable<WorkerHeartbeat> Matching(string @namespace, string query)
    {
        namespaces.Require(@namespace);
        try
        {
            return workers.All(@namespace).Where(WorkerQuery.Parse(query));
        }
        catch (QueryException e)
        {
            throw ApiErrors.Invalid(e.Message);
        }
    }

    private static WorkerListInfo Entry(WorkerHeartbeat worker) => new()
    {
        WorkerInstanceKey = worker.WorkerInstanceKey,
        WorkerIdentity = worker.WorkerIdentity,
        TaskQueue = worker.TaskQueue,
        DeploymentVersion = worker.DeploymentVersion,
        SdkName = worker.SdkName,
        SdkVersion = worker.SdkVersion,
        Status = worker.Status,
        StartTime = worker.StartTime,
        HostName = worker.HostInfo?.HostName ?? "",
        WorkerGroupingKey = worker.HostInfo?.WorkerGroupingKey ?? "",
        ProcessId = worker.HostInfo?.ProcessId ?? "",
        Plugins = { worker.Plugins },
        Drivers = { worker.Drivers },
    };
}
