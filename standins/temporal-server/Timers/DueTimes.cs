namespace Mainstay.TemporalServer.Timers;

/// <summary>One queue of due times: each run has its next one in it.</summary>
internal sealed class DueTimes(TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<string, DateTimeOffset> queue = new();
    private TaskCompletionSource earlier = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Has the run looked at when the time comes.</summary>
    public void Set(string runId, DateTimeOffset due)
    {
        lock (gate)
        {
            var first = !queue.TryPeek(out _, out var next) || due < next;
            queue.Enqueue(runId, due);
            if (first)
            {
                earlier.TrySetResult();
            }
        }
    }

    /// <summary>Waits until the first due time and gives its run.</summary>
    public async Task<string> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            TimeSpan? wait = null;
            lock (gate)
            {
                if (queue.TryPeek(out var runId, out var due))
                {
                    wait = due - clock.GetUtcNow();
                    if (wait <= TimeSpan.Zero)
                    {
                        queue.Dequeue();
                        return runId;
                    }
                }

                earlier = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changed = earlier.Task;
            }

            await WaitAsync(changed, wait, cancellationToken);
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
