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
        var begun = 0L;
        var work = Task.Run(() =>
        {
            Volatile.Write(ref begun, TimeProvider.System.GetTimestamp());
            activate();
        });
        while (true)
        {
            var before = run.Progress.Steps;
            try
            {
                await work.WaitAsync(off ? Timeout.InfiniteTimeSpan : Limit).ConfigureAwait(false);
                return;
            }
            catch (TimeoutException) when (!work.IsCompleted)
            {
                // A task that no thread had time for has not deadlocked.
                var since = Volatile.Read(ref begun);
                if (run.Progress is (Running: true, var steps) && steps == before && since > 0 && TimeProvider.System.GetElapsedTime(since) >= Limit / 2)
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
