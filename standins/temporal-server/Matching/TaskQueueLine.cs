namespace Mainstay.TemporalServer.Matching;

/// <summary>One queue: tasks that wait for polls, or polls that wait for tasks.</summary>
internal sealed class TaskQueueLine(TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly LinkedList<(QueuedTask Task, DateTimeOffset Since)> backlog = [];
    private readonly LinkedList<TaskCompletionSource<QueuedTask?>> polls = [];
    private readonly Dictionary<string, DateTimeOffset> pollers = [];
    private DateTimeOffset lastPoll;
    private bool abandoned;

    /// <summary>How fast its tasks are given out.</summary>
    public QueuePace Pace { get; } = new(clock);

    /// <summary>Tells whether a poll waits or has been here since the given time.</summary>
    public bool IsPolled(DateTimeOffset since)
    {
        lock (gate)
        {
            return !abandoned && (polls.Count > 0 || lastPoll >= since);
        }
    }

    /// <summary>Who has polled since the given time, how many tasks wait, and since when the first of them does.</summary>
    public (List<(string Identity, DateTimeOffset LastPoll)> Pollers, int Backlog, DateTimeOffset? Oldest) Describe(DateTimeOffset since)
    {
        lock (gate)
        {
            foreach (var identity in pollers.Where(p => p.Value < since).Select(p => p.Key).ToList())
            {
                pollers.Remove(identity);
            }

            return ([.. pollers.Select(p => (p.Key, p.Value))], backlog.Count, backlog.First?.Value.Since);
        }
    }

    /// <summary>Answers the polls that wait with nothing and counts the queue as unpolled.</summary>
    public void Abandon()
    {
        lock (gate)
        {
            abandoned = true;
            foreach (var poll in polls)
            {
                poll.TrySetResult(null);
            }

            polls.Clear();
        }
    }

    /// <summary>Gives the task to the poll that waits longest, or keeps it.</summary>
    public void Offer(QueuedTask task)
    {
        lock (gate)
        {
            while (polls.First is { } poll)
            {
                polls.RemoveFirst();
                if (poll.Value.TrySetResult(task))
                {
                    return;
                }
            }

            backlog.AddLast((task, clock.GetUtcNow()));
        }
    }

    /// <summary>Takes the oldest task, or waits for one.</summary>
    public async Task<QueuedTask?> PollAsync(string identity, Func<DateTimeOffset> now, CancellationToken cancellationToken)
    {
        var poll = new TaskCompletionSource<QueuedTask?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            pollers[identity] = lastPoll = now();
            if (backlog.First is { } waiting)
            {
                backlog.RemoveFirst();
                return waiting.Value.Task;
            }

            polls.AddLast(poll);
        }

        await using var registration = cancellationToken.Register(() => poll.TrySetResult(null));
        var task = await poll.Task;
        lock (gate)
        {
            pollers[identity] = lastPoll = now();
            if (task is null)
            {
                polls.Remove(poll);
            }
        }

        return task;
    }
}
