namespace Temporalio.Worker.Execution;

/// <summary>Lets one task of a run at a time be handled: a query that comes while a workflow task is worked on would put an older state of the run back into the cache.</summary>
internal sealed class RunGates
{
    private readonly Dictionary<string, Gate> gates = [];
    private readonly Lock access = new();

    /// <summary>How many runs are being worked on.</summary>
    public int Count
    {
        get
        {
            lock (access)
            {
                return gates.Count;
            }
        }
    }

    /// <summary>Waits until no other task of the run is handled; what is returned lets the next one in.</summary>
    public async Task<IDisposable> EnterAsync(string runId)
    {
        Gate gate;
        lock (access)
        {
            if (!gates.TryGetValue(runId, out gate!))
            {
                gates[runId] = gate = new(this, runId);
            }

            gate.Users++;
        }

        await gate.Free.WaitAsync().ConfigureAwait(false);
        return gate;
    }

    private sealed class Gate(RunGates owner, string runId) : IDisposable
    {
        public SemaphoreSlim Free { get; } = new(1, 1);

        public int Users { get; set; }

        public void Dispose()
        {
            lock (owner.access)
            {
                Free.Release();
                if (--Users == 0)
                {
                    owner.gates.Remove(runId);
                }
            }
        }
    }
}
