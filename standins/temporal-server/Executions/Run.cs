using System.Collections.Concurrent;
using Mainstay.TemporalServer.Matching;
using Temporalio.Api.History.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>A run in memory: its committed state, the state its next transition starts from, and the updates and queries on their way to it.</summary>
internal sealed class Run(RunState state)
{
    private const int MostUnseen = 256;

    private Unseen unseen = new(state.NextEventId, []);
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A run that begins.</summary>
    public Run(RunChange start)
        : this(start.State)
    {
        foreach (var (id, update) in start.Admitted)
        {
            Updates[id] = update;
        }
    }

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

    /// <summary>Tells that the stored state is all there is of the run: no commit, act, query or unanswered update is under way.</summary>
    public bool CanRest
    {
        get
        {
            lock (Gate)
            {
                return Stored.IsCompletedSuccessfully && !Sending && State.Outbound.Count == 0 && Queries.IsEmpty
                    && Updates.All(u => u.Value.Refusal is not null || State.Updates.ContainsKey(u.Key));
            }
        }
    }

    /// <summary>Completed at the next change.</summary>
    public Task Changed => Volatile.Read(ref changed).Task;

    /// <summary>Puts a committed state in place, with the events that led to it, and wakes those who wait.</summary>
    public void Publish(RunState state, List<HistoryEvent> events)
    {
        State = state;
        unseen = unseen.Append(events, state);
        Wake();
    }

    /// <summary>The events from one on, where they are still in memory; null where they have to be read.</summary>
    public List<HistoryEvent>? EventsFrom(long eventId)
    {
        var (first, events) = unseen;
        return eventId < first ? null : [.. events.Where(e => e.EventId >= eventId)];
    }

    /// <summary>Has the updates that a worker took and did not answer go with the next task: its attempt is over.</summary>
    public void TakeUpdatesBack()
    {
        foreach (var update in Updates.Values)
        {
            update.Sent = false;
        }
    }

    /// <summary>Gives the run up after a failed commit and wakes those who wait.</summary>
    public void Break()
    {
        Broken = true;
        Wake();
    }

    private void Wake() =>
        Interlocked.Exchange(ref changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    /// <summary>The committed events since the last completed workflow task: what the next one brings to a worker that knows the run.</summary>
    private sealed record Unseen(long First, HistoryEvent[] Events)
    {
        public Unseen Append(List<HistoryEvent> further, RunState state)
        {
            if (further.Count == 0)
            {
                return this;
            }

            var first = Events.Length == 0 ? further[0].EventId : First;
            HistoryEvent[] all = [.. Events.Concat(further).SkipWhile(e => e.EventId <= state.LastCompletedTaskStartedId)];
            return all.Length > MostUnseen ? new(state.NextEventId, []) : new(Math.Max(first, state.LastCompletedTaskStartedId + 1), all);
        }
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
