using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.TemporalServer.Batches;
using Mainstay.TemporalServer.Visibility;
using Temporalio.Api.Batch.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Operations on many runs at once.</summary>
internal sealed partial class WorkflowFrontend
{
    /// <inheritdoc/>
    public override async Task<StartBatchOperationResponse> StartBatchOperation(StartBatchOperationRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        BatchRules.Check(request);
        var runIds = await RunIdsAsync(request);
        var record = new BatchRecord
        {
            Request = request,
            RunIds = { runIds },
            Progress = new DescribeBatchOperationResponse
            {
                JobId = request.JobId,
                OperationType = BatchRules.Kind(request.OperationCase),
                State = BatchOperationState.Running,
                StartTime = Timestamp.FromDateTimeOffset(clock.GetUtcNow()),
                TotalOperationCount = runIds.Count,
                Reason = request.Reason,
                Query = request.VisibilityQuery,
            },
        };
        return await batches.AddAsync(record)
            ? new StartBatchOperationResponse()
            : throw ApiErrors.With(StatusCode.AlreadyExists, "Batch operation with the job ID already exists", null);
    }

    /// <inheritdoc/>
    public override async Task<StopBatchOperationResponse> StopBatchOperation(StopBatchOperationRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        return await batches.StopAsync(request) ? new StopBatchOperationResponse() : throw ApiErrors.NoWorkflow(request.JobId);
    }

    /// <inheritdoc/>
    public override async Task<DescribeBatchOperationResponse> DescribeBatchOperation(DescribeBatchOperationRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        return (await store.LoadBatchAsync(request.Namespace, request.JobId))?.Progress ?? throw ApiErrors.NoWorkflow(request.JobId);
    }

    /// <inheritdoc/>
    public override async Task<ListBatchOperationsResponse> ListBatchOperations(ListBatchOperationsRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        var most = request.PageSize is > 0 and <= LargestPage ? request.PageSize : LargestPage;
        _ = int.TryParse(request.NextPageToken.ToStringUtf8(), NumberStyles.None, CultureInfo.InvariantCulture, out var skip);
        var found = await store.ListBatchesAsync(request.Namespace, most, skip);
        return new ListBatchOperationsResponse
        {
            OperationInfo =
            {
                found.Select(record => new BatchOperationInfo
                {
                    JobId = record.Progress.JobId,
                    State = record.Progress.State,
                    StartTime = record.Progress.StartTime,
                    CloseTime = record.Progress.CloseTime,
                    OperationType = record.Progress.OperationType,
                }),
            },
            NextPageToken = found.Count == most ? ByteString.CopyFromUtf8((skip + most).ToString(CultureInfo.InvariantCulture)) : ByteString.Empty,
        };
    }

    private async Task<List<string>> RunIdsAsync(StartBatchOperationRequest request)
    {
        if (request.Executions.Count > 0)
        {
            var named = new List<string>();
            foreach (var execution in request.Executions)
            {
                named.Add((await FindAsync(request.Namespace, execution)).State.RunId);
            }

            return named;
        }

        try
        {
            var where = QueryParser.Parse(request.VisibilityQuery).Where;
            // Closed runs can only be deleted, or begin again.
            if (request.OperationCase is not (StartBatchOperationRequest.OperationOneofCase.DeletionOperation or StartBatchOperationRequest.OperationOneofCase.ResetOperation))
            {
                var open = new Condition.Compare("ExecutionStatus", "=", new Token(TokenKind.Text, nameof(WorkflowExecutionStatus.Running), 0));
                where = where is null ? open : new Condition.And(where, open);
            }

            return await store.RunIdsAsync(request.Namespace, where, name => attributes.TypeOf(request.Namespace, name));
        }
        catch (QueryException e)
        {
            throw ApiErrors.Invalid(e.Message);
        }
    }
}
