using System.Text;
using Mainstay.Orchestrator.Events;

namespace Mainstay.Orchestrator.Execution;

/// <summary>Records an answer's text as it comes: the first piece at once, then no more than one event in 50 ms.</summary>
internal sealed class ChunkEvents(RunRecorder recorder, string taskId, int iteration, int attempt, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly StringBuilder pending = new();
    private long flushedAt;
    private int count;

    /// <summary>Takes a piece of text.</summary>
    public async Task AddAsync(string text, CancellationToken cancellationToken)
    {
        pending.Append(text);
        if (count == 0 || clock.GetElapsedTime(flushedAt) >= Interval)
        {
            await FlushAsync(cancellationToken);
        }
    }

    /// <summary>Records what is left.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (pending.Length == 0)
        {
            return;
        }

        var chunk = new NewTaskEvent($"llm/{iteration}/{attempt}/chunk/{count}", TaskEventTypes.LlmCallChunk, new Dictionary<string, object?>
        {
            ["iteration"] = iteration,
            ["attempt"] = attempt,
            ["index"] = count,
            ["text"] = pending.ToString(),
        });
        count++;
        pending.Clear();
        flushedAt = clock.GetTimestamp();
        await recorder.RecordAsync(taskId, cancellationToken, chunk);
    }
}
