using Mainstay.TemporalServer.Executions;
using Mainstay.TemporalServer.Frontend;
using Mainstay.TemporalServer.Storage;

namespace Mainstay.TemporalServer;

/// <summary>Deletes what is in namespaces that were given up; a restart carries on with it.</summary>
internal sealed partial class NamespaceRemoval(Store store, RunHost host, Namespaces namespaces, TimeProvider clock, ILogger<NamespaceRemoval> logger) : BackgroundService
{
    private const int MostAtOnce = 500;
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var name in namespaces.Retired.Reader.ReadAllAsync(stoppingToken))
        {
            while (!await TryRemoveAsync(name, stoppingToken))
            {
                await Task.Delay(RetryPause, clock, stoppingToken);
            }
        }
    }

    private async Task<bool> TryRemoveAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            // First of all, because they would go on starting workflows.
            await store.DeleteSchedulesAsync(name, cancellationToken);
            while (await store.AtWorkAsync(name, MostAtOnce, cancellationToken) is { Count: > 0 } runIds)
            {
                foreach (var runId in runIds)
                {
                    if (await host.GetAnyAsync(runId) is { } run)
                    {
                        await host.DeleteAsync(run);
                    }
                }
            }

            while (await store.DeleteClosedAsync(name, DateTimeOffset.MaxValue, MostAtOnce, cancellationToken) == MostAtOnce)
            {
                await Task.Yield();
            }

            await store.DeleteNamespaceAsync(name, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is StoreException or Npgsql.NpgsqlException)
        {
            Log.Failed(logger, name, e);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Namespace {Namespace} could not be deleted; it is tried again.")]
        public static partial void Failed(ILogger logger, string @namespace, Exception cause);
    }
}
