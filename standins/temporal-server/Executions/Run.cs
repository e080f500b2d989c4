using Mainstay.TemporalServer.Matching;

namespace Mainstay.TemporalServer.Executions;

/// <summary>A run in memory: its committed state, who waits for it to change, and the updates and queries on their way to it.</summary>
internal sealed class Run(RunState state)
{
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets one transition at a time through.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>The state as last committed.</summary>
    public RunState State { get; private set; } = state;

    /// <summary>Updates that have not been answered yet, by their id; guarded by <see cref="Gate"/>.</summary>
    public Dictionary<string, PendingUpdate> Updates { get; } = [];

    /// <summary>Queries that travel with the next workflow task; guarded by <see cref="Gate"/>.</summary>
    public Dictionary<string, PendingQuery> Queries { get; } = [];

    /// <summary>Tells whether somebody is already carrying out this run's acts on others.</summary>
    public bool Sending { get; set; }

    /// <summary>Completed at the next change.</summary>
    public Task Changed => Volatile.Read(ref changed).Task;

    /// <summary>Puts a committed state in place and wakes those who wait.</summary>
    public void Publish(RunState state)
    {
        State = state;
        Interlocked.Exchange(ref changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }
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
