namespace Mainstay.Audit.Integrity;

/// <summary>Goes along the checkpoints beside the entries, of which it holds a page at a time.</summary>
/// <param name="records">Where they are read.</param>
/// <param name="first">The position from which they cover something.</param>
internal sealed class CheckpointCursor(TrailRecords records, long first)
{
    private readonly Queue<SignedCheckpoint> page = [];
    private long after;
    private bool isAtEnd;

    /// <summary>The next one, when it ends at or before a position; null otherwise.</summary>
    public async ValueTask<SignedCheckpoint?> NextAsync(long through, CancellationToken cancellationToken)
    {
        if (page.Count == 0 && !isAtEnd)
        {
            await ReadPageAsync(cancellationToken);
        }

        return page.TryPeek(out var next) && next.LastSequence <= through ? page.Dequeue() : null;
    }

    private async Task ReadPageAsync(CancellationToken cancellationToken)
    {
        foreach (var checkpoint in await records.CheckpointsAsync(first, after, cancellationToken))
        {
            page.Enqueue(checkpoint);
            after = checkpoint.Number;
        }

        isAtEnd = page.Count == 0;
    }
}
