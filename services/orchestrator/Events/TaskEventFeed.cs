using System.Collections.Concurrent;
using Npgsql;

namespace Mainstay.Orchestrator.Events;

/// <summary>Tells watchers that a task has new events, with one listening connection for all of them.</summary>
internal sealed partial class TaskEventFeed(NpgsqlDataSource database, TimeProvider clock, ILogger<TaskEventFeed> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Without word from the database for so long, a watcher looks for itself.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> news = new();

    /// <summary>A task that ends once there is news since this call; to be asked for before the events are read.</summary>
    public Task NewsOf(string taskId) => news.GetOrAdd(taskId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Waits for news, or for so long that it is time to look anyway.</summary>
    public async Task WaitAsync(Task newsOfTask, CancellationToken cancellationToken)
    {
        try
        {
            await newsOfTask.WaitAsync(LongestSilence, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Nothing was told; the watcher looks for itself.
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
            catch (NpgsqlException e)
            {
                Log.Lost(logger, e);
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notification) => Wake(notification.Payload);
        await using (var listen = new NpgsqlCommand($"listen {TaskEventLog.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        // What was told while nobody listened is lost: everybody looks.
        foreach (var taskId in news.Keys)
        {
            Wake(taskId);
        }

        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    private void Wake(string taskId)
    {
        if (news.TryRemove(taskId, out var signal))
        {
            signal.SetResult();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Lost the connection that listens for events; connecting again")]
        public static partial void Lost(ILogger logger, Exception exception);
    }
}
