using System.Collections.Concurrent;
using Mainstay.TemporalServer.Executions;

namespace Mainstay.TemporalServer.Matching;

/// <summary>What waits in a queue for a poll: a task of a run, or a query.</summary>
internal sealed record QueuedTask(string RunId, TaskDispatch Dispatch, PendingQuery? Query = null);

/// <summary>The task queues, in memory: tasks are derived from stored state and offered again after a restart.</summary>
internal sealed class TaskQueues(TimeProvider clock)
{
    // A sticky queue whose worker has not polled for so long is taken for abandoned.
    private static readonly TimeSpan StickyPatience = TimeSpan.FromSeconds(10);

    // Who has not polled for so long is not shown any more.
    private static readonly TimeSpan PollerPatience = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(string Namespace, string Name, bool Workflow), TaskQueueLine> lines = new();

    /// <summary>Offers a task; one for a sticky queue that nobody polls goes to the normal queue.</summary>
    public void Offer(string @namespace, QueuedTask task)
    {
        var dispatch = task.Dispatch;
        var line = Line(@namespace, dispatch.Queue, dispatch.Workflow);
        if (dispatch.Sticky && !line.IsPolled(clock.GetUtcNow() - StickyPatience))
        {
            line = Line(@namespace, dispatch.NormalQueue, dispatch.Workflow);
        }

        line.Offer(task);
    }

    /// <summary>The next task, or nothing when none came before the poll was given up.</summary>
    public Task<QueuedTask?> PollAsync(string @namespace, string queue, bool workflow, string identity, CancellationToken cancellationToken) =>
        Line(@namespace, queue, workflow).PollAsync(identity, clock.GetUtcNow, cancellationToken);

    /// <summary>How fast the tasks of a queue are given out.</summary>
    public QueuePace Pace(string @namespace, string queue, bool workflow) => Line(@namespace, queue, workflow).Pace;

    /// <summary>Who has polled a queue in the last minutes, how much waits in it, and for how long the first of it has.</summary>
    public (List<(string Identity, DateTimeOffset LastPoll)> Pollers, int Backlog, TimeSpan Age) Describe(string @namespace, string queue, bool workflow)
    {
        if (!lines.TryGetValue((@namespace, queue, workflow), out var line))
        {
            return ([], 0, TimeSpan.Zero);
        }

        var now = clock.GetUtcNow();
        var (pollers, backlog, oldest) = line.Describe(now - PollerPatience);
        return (pollers, backlog, oldest is { } since && now > since ? now - since : TimeSpan.Zero);
    }

    /// <summary>Takes a sticky queue's worker for gone, because it said so.</summary>
    public void Abandon(string @namespace, string sticky) => Line(@namespace, sticky, workflow: true).Abandon();

    private TaskQueueLine Line(string @namespace, string name, bool workflow) => lines.GetOrAdd((@namespace, name, workflow), _ => new TaskQueueLine(clock));
}
