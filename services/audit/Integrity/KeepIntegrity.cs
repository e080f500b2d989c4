namespace Mainstay.Audit.Integrity;

/// <summary>Makes checkpoints as the trail grows, and drops what has expired.</summary>
internal sealed partial class KeepIntegrity(MakeCheckpoint makeCheckpoint, DropExpired dropExpired, TimeProvider clock, ILogger<KeepIntegrity> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DropInterval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        long? dropped = null;
        do
        {
            try
            {
                await makeCheckpoint.ExecuteAsync(now: false, stoppingToken);
                if (dropped is null || clock.GetElapsedTime(dropped.Value) >= DropInterval)
                {
                    await dropExpired.ExecuteAsync(stoppingToken);
                    dropped = clock.GetTimestamp();
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Could not sign a checkpoint or drop what has expired; trying again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
