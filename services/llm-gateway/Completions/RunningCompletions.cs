using System.Collections.Concurrent;

namespace Mainstay.LlmGateway.Completions;

/// <summary>The answers that this process waits for.</summary>
internal sealed class RunningCompletions(RunCompletion run) : IHostedService, IDisposable
{
    private readonly ConcurrentDictionary<CompletionKey, RunningCompletion> byKey = new();
    private readonly ConcurrentDictionary<Task, byte> tasks = new();
    private readonly CancellationTokenSource stopped = new();

    /// <summary>The answer that is on its way under a key, if this process waits for it.</summary>
    public RunningCompletion? Find(CompletionKey key) => byKey.GetValueOrDefault(key);

    /// <summary>Starts to ask; the answer comes whether or not anybody still waits for it, unless the token is cancelled.</summary>
    public RunningCompletion Start(CompletionJob job, CompletionClaim? claim, CancellationToken cancellationToken)
    {
        var running = new RunningCompletion();
        if (claim is not null)
        {
            byKey[claim.Key] = running;
        }

        var task = Task.Run(() => RunAsync(job, claim, running, cancellationToken), CancellationToken.None);
        tasks[task] = 0;
        _ = task.ContinueWith(ended => tasks.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return running;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits for the answers that are on their way, as long as the host gives it time; then gives their keys back.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(tasks.Keys).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await stopped.CancelAsync();
        await Task.WhenAll(tasks.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => stopped.Dispose();

    private async Task RunAsync(CompletionJob job, CompletionClaim? claim, RunningCompletion running, CancellationToken cancellationToken)
    {
        try
        {
            running.Succeed(await run.ExecuteAsync(job, claim, running.AddText, stopped.Token, cancellationToken));
        }
        catch (Exception exception)
        {
            running.Fail(exception);
        }

        if (claim is not null)
        {
            byKey.TryRemove(claim.Key, out _);
        }
    }
}
