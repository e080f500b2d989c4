using Temporalio.Api.Query.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Matching;

/// <summary>A query on its way to a worker, and the answer that its caller waits for.</summary>
internal sealed record PendingQuery(string Id, WorkflowQuery Query)
{
    /// <summary>Completed with the worker's answer.</summary>
    public TaskCompletionSource<RespondQueryTaskCompletedRequest> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
