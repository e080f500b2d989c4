using Mainstay.TemporalServer.Executions;
using Temporalio.Api.Enums.V1;

namespace Mainstay.TemporalServer.Timers;

/// <summary>Knows what is under way that time may not skip: steps of the server, and runs with a task that waits or is with a worker.</summary>
internal sealed class OpenWork(bool watched)
{
    private readonly Lock gate = new();
    private readonly HashSet<string> runs = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int steps;
    private long begun;

    /// <summary>How many steps have begun, ever: the same number twice means that nothing began between.</summary>
    public long Begun
    {
        get
        {
            lock (gate)
            {
                return begun;
            }
        }
    }

    /// <summary>Completed when a step ends.</summary>
    public Task Changed
    {
        get
        {
            lock (gate)
            {
                return changed.Task;
            }
        }
    }

    /// <summary>Begins a step; it ends when what is returned is disposed.</summary>
    public Step Begin()
    {
        if (watched)
        {
            lock (gate)
            {
                steps++;
                begun++;
            }
        }

        return new Step(this);
    }

    /// <summary>Tells that nothing is under way and nothing has begun since <see cref="Begun"/> was read.</summary>
    public bool IsIdle(long since)
    {
        lock (gate)
        {
            return steps == 0 && begun == since && runs.Count == 0;
        }
    }

    /// <summary>Notes whether a run has something under way.</summary>
    public void Note(RunState state)
    {
        if (!watched)
        {
            return;
        }

        lock (gate)
        {
            _ = HasTasks(state) ? runs.Add(state.RunId) : runs.Remove(state.RunId);
        }
    }

    private static bool HasTasks(RunState state) => state.Outbound.Count > 0
        || (state.Status == WorkflowExecutionStatus.Running && (state.WorkflowTask is not null || state.Activities.Values.Any(a => a.Dispatched)));

    /// <summary>Ends a step and has those who wait for it look again.</summary>
    public void End()
    {
        if (!watched)
        {
            return;
        }

        TaskCompletionSource wake;
        lock (gate)
        {
            steps--;
            (wake, changed) = (changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        wake.SetResult();
    }

    /// <summary>A step under way.</summary>
    public readonly struct Step(OpenWork work) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => work.End();
    }
}
