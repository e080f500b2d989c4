using Mainstay.TemporalServer.Frontend;
using Mainstay.TemporalServer.Storage;

namespace Mainstay.TemporalServer;

/// <summary>Deletes closed runs once the retention of their namespace is over.</summary>
internal sealed partial class Retention(Store store, Namespaces namespaces, TimeProvider clock, ILogger<Retention> logger) : BackgroundService
{
    private const int MostAtOnce = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    /// <summary>Deletes what is due in every namespace.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var description in namespaces.All)
        {
            var before = clock.GetUtcNow() - description.Config.WorkflowExecutionRetentionTtl.ToTimeSpan();
            while (await store.DeleteClosedAsync(description.NamespaceInfo.Name, before, MostAtOnce, cancellationToken) == MostAtOnce)
            {
                // Small portions, so that the work of others passes between them.
                await Task.Yield();
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Npgsql.NpgsqlException e)
            {
                Log.Failed(logger, e);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Closed runs past their retention could not be deleted; it is tried again.")]
        public static partial void Failed(ILogger logger, Exception cause);
    }
}
