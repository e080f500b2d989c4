using Mainstay.Audit.Recording;
using Npgsql;

namespace Mainstay.Audit.Search;

/// <summary>Wakes whoever follows the trail when it has grown: one connection listens for all.</summary>
internal sealed partial class TrailSignal(NpgsqlDataSource database, TimeProvider clock, ILogger<TrailSignal> logger) : BackgroundService
{
    // After this a follower looks by itself: what was said while nobody listened is lost.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private volatile TaskCompletionSource grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The next growth; take it before looking, so that none is missed in between.</summary>
    public Task Next => grown.Task;

    /// <summary>Waits for a growth, or for a while.</summary>
    public async Task WaitAsync(Task growth, CancellationToken cancellationToken)
    {
        try
        {
            await growth.WaitAsync(LongestWait, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The follower looks now.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Interrupted(logger, exception);
                await Task.Delay(LongestWait, clock, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var listen = new NpgsqlCommand($"listen {AppendEvents.Channel}", connection);
        await listen.ExecuteNonQueryAsync(cancellationToken);
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
            Interlocked.Exchange(ref grown, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "No longer hears of new entries; followers look every 2 seconds until it does again")]
        public static partial void Interrupted(ILogger logger, Exception exception);
    }
}
