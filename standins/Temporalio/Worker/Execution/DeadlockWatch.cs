using System.Collections.Concurrent;

namespace Temporalio.Worker.Execution;

/// <summary>Gives a workflow up whose code does not yield; one that goes from step to step may take its time.</summary>
internal sealed class DeadlockWatch(bool off)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Task> deadlocked = new();

    /// <summary>Throws for a run whose code still holds a thread: another attempt would hold one more.</summary>
    public void ThrowIfDeadlocked(string runId)
    {
        if (deadlocked.ContainsKey(runId))
        {
            throw Deadlock(runId);
        }
    }

    public async Task RunAsync(WorkflowRun run, Action activate)
    {
        var work = Task.Run(activate);
        while (true)
        {
            var before = run.Progress;
            try
            {
                await work.WaitAsync(off ? Timeout.InfiniteTimeSpan : Limit).ConfigureAwait(false);
                return;
            }
            catch (TimeoutException) when (!work.IsCompleted)
            {
                if (run.Progress is (Running: true, _) now && now == before)
                {
                    deadlocked[run.Info.RunId] = work;
                    _ = work.ContinueWith(_ => deadlocked.TryRemove(run.Info.RunId, out Task? _), TaskScheduler.Default);
                    throw Deadlock(run.Info.RunId);
                }
            }
        }
    }

    private static InvalidOperationException Deadlock(string runId) => new($"[TMPRL1101] Workflow with run ID {runId} deadlocked after {Limit}");
}
