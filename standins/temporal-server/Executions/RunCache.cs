using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Mainstay.TemporalServer.Storage;
using Temporalio.Api.Enums.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>The runs in memory: one object for each, as long as anybody works with it; a run that rests is kept for nobody's sake and read again when it is needed.</summary>
internal sealed class RunCache(Store store, TimeProvider machine)
{
    private readonly ConcurrentDictionary<string, Slot> slots = new();

    /// <summary>A run by its id, read where it is not in memory; nothing when there is none.</summary>
    public async Task<Run?> GetAsync(string runId)
    {
        while (true)
        {
            var slot = slots.GetOrAdd(runId, Reading);
            if (!slot.TryTake(machine.GetUtcNow(), out var reading))
            {
                slots.TryUpdate(runId, Reading(runId), slot);
                continue;
            }

            Run? run;
            try
            {
                run = await reading;
            }
            catch
            {
                slots.TryRemove(new(runId, slot));
                throw;
            }

            if (run is { Broken: true })
            {
                slots.TryRemove(new(runId, slot));
                continue;
            }

            if (run is null || IsDone(run.State))
            {
                slots.TryRemove(new(runId, slot));
            }

            slot.Known = run;
            return run;
        }
    }

    /// <summary>Takes a new run in before its commit begins, so that nobody reads it a second time; it is there for others once it is stored.</summary>
    public void Add(Run run, Task stored) => slots[run.State.RunId] = new Slot(machine.GetUtcNow(), async () =>
    {
        await stored;
        return run;
    })
    {
        Known = run,
    };

    /// <summary>Lets go of a run that is done.</summary>
    public void Remove(string runId) => slots.TryRemove(runId, out _);

    /// <summary>Lets go of the runs that nobody has asked for since a time and that need nothing but what is stored; returns them.</summary>
    public List<RunState> Rest(DateTimeOffset before)
    {
        var resting = new List<RunState>();
        foreach (var (runId, slot) in slots)
        {
            if (slot.IsGone)
            {
                slots.TryRemove(new(runId, slot));
            }
            else if (slot.TryRest(before) is { } state)
            {
                resting.Add(state);
            }
        }

        return resting;
    }

    /// <summary>Tells whether a run has nothing more to do.</summary>
    public static bool IsDone(RunState state) => state.Status != WorkflowExecutionStatus.Running && state.Outbound.Count == 0;

    private Slot Reading(string runId) => new(machine.GetUtcNow(), async () => await store.LoadAsync(runId) is { } state ? new Run(state) : null);

    // Held, or known by a weak reference: as long as anybody else has the object, it is the one that everybody gets.
    private sealed class Slot(DateTimeOffset used, Func<Task<Run?>> read)
    {
        private readonly Lock gate = new();
        private Lazy<Task<Run?>>? held = new(read);
        private WeakReference<Run>? resting;

        /// <summary>The run, once it has been read; let go of with the rest.</summary>
        public Run? Known { get; set; }

        public bool IsGone
        {
            get
            {
                lock (gate)
                {
                    return held is null && !resting!.TryGetTarget(out _);
                }
            }
        }

        public bool TryTake(DateTimeOffset now, [NotNullWhen(true)] out Task<Run?>? run)
        {
            Lazy<Task<Run?>>? taken;
            lock (gate)
            {
                used = now;
                if (held is null && resting!.TryGetTarget(out var there))
                {
                    Known = there;
                    held = new Lazy<Task<Run?>>(Task.FromResult<Run?>(there));
                }

                taken = held;
            }

            run = taken?.Value;
            return run is not null;
        }

        public RunState? TryRest(DateTimeOffset before)
        {
            lock (gate)
            {
                if (used >= before || Known is not { CanRest: true } run)
                {
                    return null;
                }

                (held, Known, resting) = (null, null, new WeakReference<Run>(run));
                return run.State;
            }
        }
    }
}
