using System.Collections.Concurrent;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Worker.V1;

namespace Mainstay.TemporalServer.Matching;

/// <summary>What workers say of themselves. In memory alone: after a restart each of them says it again within a minute.</summary>
internal sealed class WorkerRegistry(TimeProvider clock)
{
    // Who has said nothing for so long is gone.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<(string Namespace, string Key), (WorkerHeartbeat Heartbeat, DateTimeOffset Heard)> known = new();

    /// <summary>Takes a worker's word; one that has shut down is forgotten.</summary>
    public void Hear(string @namespace, WorkerHeartbeat heartbeat)
    {
        var key = (@namespace, heartbeat.WorkerInstanceKey);
        if (heartbeat.Status == WorkerStatus.Shutdown)
        {
            known.TryRemove(key, out _);
            return;
        }

        if (!known.ContainsKey(key) && known.Count >= Most)
        {
            ForgetLongestSilent();
        }

        known[key] = (heartbeat, clock.GetUtcNow());
    }

    /// <summary>Forgets a worker that takes its leave without a word about itself.</summary>
    public void Forget(string @namespace, string key) => known.TryRemove((@namespace, key), out _);

    /// <summary>The last word of a worker, or nothing.</summary>
    public WorkerHeartbeat? Find(string @namespace, string key) =>
        known.TryGetValue((@namespace, key), out var last) && IsAlive(last.Heard) ? last.Heartbeat : null;

    /// <summary>The last words of a namespace's workers, by their keys.</summary>
    public IEnumerable<WorkerHeartbeat> All(string @namespace)
    {
        foreach (var (key, last) in known)
        {
            if (!IsAlive(last.Heard))
            {
                known.TryRemove(KeyValuePair.Create(key, last));
            }
        }

        return known.Where(worker => worker.Key.Namespace == @namespace).Select(worker => worker.Value.Heartbeat).OrderBy(heartbeat => heartbeat.WorkerInstanceKey, StringComparer.Ordinal);
    }

    private bool IsAlive(DateTimeOffset heard) => heard + Patience > clock.GetUtcNow();

    private void ForgetLongestSilent() => known.TryRemove(known.MinBy(worker => worker.Value.Heard));
}
