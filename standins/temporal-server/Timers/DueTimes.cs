namespace Mainstay.TemporalServer.Timers;

/// <summary>One queue of due times: each run is in it once, with the earliest time it asked for.</summary>
internal sealed class DueTimes(WorkflowClock clock, OpenWork work)
{
    private const int Slack = 1024;

    private readonly Lock gate = new();
    private readonly PriorityQueue<string, DateTimeOffset> queue = new();
    private readonly Dictionary<string, DateTimeOffset> earliest = [];
    private TaskCompletionSource earlier = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Has the run looked at when the time comes; a later time than the one it has already is dropped, because every look asks for the next.</summary>
    public void Set(string runId, DateTimeOffset due)
    {
        lock (gate)
        {
            if (earliest.TryGetValue(runId, out var known) && known <= due)
            {
                return;
            }

            var first = !queue.TryPeek(out _, out var next) || due < next;
            queue.Enqueue(runId, due);
            earliest[runId] = due;
            DropSuperseded();
            if (first)
            {
                earlier.TrySetResult();
            }
        }
    }

    /// <summary>Spares a run that is over the look at the clock.</summary>
    public void Forget(string runId)
    {
        lock (gate)
        {
            earliest.Remove(runId);
        }
    }

    /// <summary>The first due time, if there is one.</summary>
    public DateTimeOffset? Earliest
    {
        get
        {
            lock (gate)
            {
                DropOutdated();
                return queue.TryPeek(out _, out var due) ? due : null;
            }
        }
    }

    /// <summary>Has whoever waits read the clock again, because it has jumped.</summary>
    public void LookAgain()
    {
        lock (gate)
        {
            earlier.TrySetResult();
        }
    }

    /// <summary>Waits until the first due time and gives its run, as a step of the open work that the caller ends.</summary>
    public async Task<string> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            TimeSpan? wait = null;
            lock (gate)
            {
                DropOutdated();
                if (queue.TryPeek(out var runId, out var due))
                {
                    wait = due - clock.GetUtcNow();
                    if (wait <= TimeSpan.Zero)
                    {
                        queue.Dequeue();
                        earliest.Remove(runId);
                        work.Begin();
                        return runId;
                    }
                }

                earlier = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changed = earlier.Task;
            }

            await WaitAsync(changed, wait, cancellationToken);
        }
    }

    private void DropOutdated()
    {
        while (queue.TryPeek(out var runId, out var due) && (!earliest.TryGetValue(runId, out var known) || known != due))
        {
            queue.Dequeue();
        }
    }

    // Runs that ended long before their time would stay in the queue until then.
    private void DropSuperseded()
    {
        if (queue.Count > (2 * earliest.Count) + Slack)
        {
            queue.Clear();
            queue.EnqueueRange(earliest.Select(e => (e.Key, e.Value)));
        }
    }

    private async Task WaitAsync(Task changed, TimeSpan? wait, CancellationToken cancellationToken)
    {
        // Rounded up, because a timer that rings early would be asked again and again.
        var most = wait is { } given ? TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(given.TotalMilliseconds), int.MaxValue - 1)) : Timeout.InfiniteTimeSpan;
        try
        {
            await changed.WaitAsync(most, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return;
        }
    }
}
