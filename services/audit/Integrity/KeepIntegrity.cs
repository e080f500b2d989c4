namespace Mainstay.Audit.Integrity;

/// <summary>Makes checkpoints as the trail grows, and drops what has expired.</summary>
internal sealed partial class KeepIntegrity(MakeCheckpoint makeCheckpoint, DropExpired dropExpired, TimeProvider clock, ILogger<KeepIntegrity> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        var drop = new DropSchedule(clock);
        do
        {
            await SignAsync(stoppingToken);
            if (drop.IsDue)
            {
                drop.Add(isDone: await DropAsync(stoppingToken));
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SignAsync(CancellationToken stoppingToken)
    {
        try
        {
            await makeCheckpoint.ExecuteAsync(now: false, stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            Log.NotSigned(logger, exception);
        }
    }

    private async Task<bool> DropAsync(CancellationToken stoppingToken)
    {
        try
        {
            return await dropExpired.ExecuteAsync(stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            Log.NotDropped(logger, exception);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Could not sign a checkpoint; trying again")]
        public static partial void NotSigned(ILogger logger, Exception exception);

        [LoggerMessage(Level = LogLevel.Error, Message = "Could not drop what has expired; trying again")]
        public static partial void NotDropped(ILogger logger, Exception exception);
    }
}
