using Mainstay.Skills.Index;
using Npgsql;

namespace Mainstay.Skills.Changes;

/// <summary>Tells watchers and the index what has changed, with one listening connection for all of them.</summary>
internal sealed partial class ChangeSignal(NpgsqlDataSource database, SkillIndex index, Hearing hearing, TimeProvider clock, ILogger<ChangeSignal> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // A change is not told while an older transaction runs, and nobody tells when that ends.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(1);

    private const int MostSecondsToAnswer = 2;

    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A task that ends once something has changed since this call; to be asked for before the changes are read.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    /// <summary>Waits for a change, or for so long that it is time to look anyway.</summary>
    public async Task WaitAsync(Task change, CancellationToken cancellationToken)
    {
        await change.WaitAsync(LongestSilence, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (NpgsqlException exception)
            {
                Log.Lost(logger, exception);
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, told) => Tell(told.Payload);
        await using (var listen = new NpgsqlCommand($"listen {RecordChange.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        try
        {
            // What was told while nobody listened is lost: everybody looks.
            Tell("");
            while (true)
            {
                hearing.Heard();
                if (!await connection.WaitAsync(LongestSilence, cancellationToken))
                {
                    await AskAsync(connection, cancellationToken);
                }
            }
        }
        finally
        {
            hearing.Lost();
        }
    }

    // A connection that is dead may keep silent for hours.
    private static async Task AskAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var question = new NpgsqlCommand("select", connection) { CommandTimeout = MostSecondsToAnswer };
        await question.ExecuteNonQueryAsync(cancellationToken);
    }

    private void Tell(string skillName)
    {
        if (skillName.Length > 0)
        {
            index.Forget(skillName);
        }
        else
        {
            index.ForgetAll();
        }

        Interlocked.Exchange(ref next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Lost the connection that listens for changes; connecting again")]
        public static partial void Lost(ILogger logger, Exception exception);
    }
}
