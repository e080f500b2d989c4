namespace Temporalio.Worker.Execution;

/// <summary>Keeps runs between their tasks, the most recently used ones.</summary>
internal sealed class RunCache(int capacity, Runtime.Metrics.SdkMetrics metrics)
{
    private readonly Dictionary<string, LinkedListNode<(string RunId, WorkflowRun Run)>> byRunId = [];
    private readonly LinkedList<(string RunId, WorkflowRun Run)> byUse = new();
    private readonly Lock gate = new();

    /// <summary>Takes a run out: while a task is handled, nothing else can reach it.</summary>
    public WorkflowRun? Take(string runId)
    {
        lock (gate)
        {
            if (!byRunId.Remove(runId, out var node))
            {
                return null;
            }

            byUse.Remove(node);
            metrics.Set("sticky_cache_size", byUse.Count);
            return node.Value.Run;
        }
    }

    public void Put(string runId, WorkflowRun run)
    {
        lock (gate)
        {
            if (byRunId.Remove(runId, out var old))
            {
                byUse.Remove(old);
            }

            byRunId[runId] = byUse.AddFirst((runId, run));
            while (byUse.Count > capacity)
            {
                byRunId.Remove(byUse.Last!.Value.RunId);
                byUse.RemoveLast();
                metrics.Count("sticky_cache_total_forced_eviction");
            }

            metrics.Set("sticky_cache_size", byUse.Count);
        }
    }
}
