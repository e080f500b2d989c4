using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.TemporalServer.Storage;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Batches;

/// <summary>Carries out batch operations one after another; each goes on after a restart where it was.</summary>
internal sealed partial class BatchHost(Store store, BatchActs acts, TimeProvider clock, ILogger<BatchHost> logger) : BackgroundService
{
    private const int BetweenSaves = 50;
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim gate = new(1, 1);
    private volatile TaskCompletionSource added = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Stores an operation to be carried out; false when there is one of its id.</summary>
    public async Task<bool> AddAsync(BatchRecord record)
    {
        var isNew = await store.AddBatchAsync(record);
        added.TrySetResult();
        return isNew;
    }

    /// <summary>Has an operation end where it is; false when there is none.</summary>
    public async Task<bool> StopAsync(StopBatchOperationRequest request)
    {
        await gate.WaitAsync();
        try
        {
            if (await store.LoadBatchAsync(request.Namespace, request.JobId) is not { } record)
            {
                return false;
            }

            if (record.Progress.State == BatchOperationState.Running)
            {
                record.Progress.Reason = request.Reason.Length > 0 ? request.Reason : record.Progress.Reason;
                await EndAsync(record, BatchOperationState.Failed);
            }

            return true;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = added.Task;
            try
            {
                if (await PortionAsync())
                {
                    continue;
                }

                added = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (await store.NextBatchAsync() is null)
                {
                    await added.Task.WaitAsync(stoppingToken);
                }
            }
            catch (Exception e) when (e is StoreException or Npgsql.NpgsqlException)
            {
                Log.Failed(logger, e);
                await next.WaitAsync(RetryPause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // A portion of the oldest operation; false when there is none under way.
    private async Task<bool> PortionAsync()
    {
        await gate.WaitAsync();
        try
        {
            if (await store.NextBatchAsync() is not { } record)
            {
                return false;
            }

            foreach (var runId in record.RunIds.Take(BetweenSaves).ToList())
            {
                await ActAsync(record, runId);
                record.RunIds.Remove(runId);
            }

            await (record.RunIds.Count > 0 ? store.SaveBatchAsync(record) : EndAsync(record, BatchOperationState.Completed));
            return true;
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task ActAsync(BatchRecord record, string runId)
    {
        try
        {
            await acts.ActAsync(record.Request, runId);
            record.Progress.CompleteOperationCount++;
        }
        catch (RpcException e)
        {
            Log.ActFailed(logger, record.Request.JobId, runId, e);
            record.Progress.FailureOperationCount++;
        }
    }

    private Task EndAsync(BatchRecord record, BatchOperationState state)
    {
        (record.Progress.State, record.Progress.CloseTime) = (state, Timestamp.FromDateTimeOffset(clock.GetUtcNow()));
        record.RunIds.Clear();
        return store.SaveBatchAsync(record);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Batch operations could not go on; it is tried again.")]
        public static partial void Failed(ILogger logger, Exception cause);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Batch operation {JobId} was refused by run {RunId}.")]
        public static partial void ActFailed(ILogger logger, string jobId, string runId, Exception cause);
    }
}
