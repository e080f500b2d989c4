using System.Collections.Concurrent;
using Mainstay.TemporalServer.Matching;

namespace Mainstay.TemporalServer.Executions;

/// <summary>A run in memory: its committed state, the state its next transition starts from, and the updates and queries on their way to it.</summary>
internal sealed class Run(RunState state)
{
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets one transition at a time be computed.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The state as last committed.</summary>
    public RunState State { get; private set; } = state;

    /// <summary>The state as last computed: ahead of <see cref="State"/> while commits are under way; guarded by <see cref="Gate"/>.</summary>
    public RunState Latest { get; set; } = state;

    /// <summary>The newest commit under way, or the last one that was; guarded by <see cref="Gate"/>.</summary>
    public Task Stored { get; set; } = Task.CompletedTask;

    /// <summary>True once a commit failed: what was computed on top of it is worthless, and the run has to be read again.</summary>
    public bool Broken { get; private set; }

    /// <summary>Updates that have not been answered yet, by their id.</summary>
    public ConcurrentDictionary<string, PendingUpdate> Updates { get; } = [];

    /// <summary>Queries that travel with the next workflow task; guarded by <see cref="Gate"/>.</summary>
    public ConcurrentDictionary<string, PendingQuery> Queries { get; } = [];

    /// <summary>Tells whether somebody is already carrying out this run's acts on others; guarded by <see cref="Gate"/>.</summary>
    public bool Sending { get; set; }

    /// <summary>How often in a row an act on another run failed.</summary>
    public int FailedActs { get; set; }

    /// <summary>Completed at the next change.</summary>
    public Task Changed => Volatile.Read(ref changed).Task;

    /// <summary>Puts a committed state in place and wakes those who wait.</summary>
    public void Publish(RunState state)
    {
        State = state;
        Wake();
    }

    /// <summary>Gives the run up after a failed commit and wakes those who wait.</summary>
    public void Break()
    {
        Broken = true;
        Wake();
    }

    private void Wake() =>
        Interlocked.Exchange(ref changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}

/// <summary>An update that a client asked for.</summary>
internal sealed class PendingUpdate(Temporalio.Api.Update.V1.Request request)
{
    /// <summary>What the client asked.</summary>
    public Temporalio.Api.Update.V1.Request Request { get; } = request;

    /// <summary>True while a worker has it.</summary>
    public bool Sent { get; set; }

    /// <summary>The worker's refusal, if it refused.</summary>
    public Temporalio.Api.Failure.V1.Failure? Refusal { get; set; }
}
