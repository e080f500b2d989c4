using System.Security.Cryptography;

namespace Mainstay.Audit.Integrity;

/// <summary>One walk along the trail and its checkpoints.</summary>
internal sealed class Verification : IDisposable
{
    private readonly long first;
    private readonly long last;
    private readonly string? stream;
    private readonly CheckpointCursor checkpoints;
    private readonly TrailRecords records;
    private readonly ChainWalk chain;
    private readonly CheckpointWalk signed;

    public Verification(long first, long last, string? stream, IReadOnlyDictionary<string, ECDsa> keys, TrailRecords records)
    {
        (this.first, this.last, this.stream, this.records) = (first, last, stream, records);
        checkpoints = new CheckpointCursor(records, first);
        chain = new ChainWalk(first, stream is null, AnchorAsync);
        signed = new CheckpointWalk(first, stream, keys, AnchorAsync);
    }

    public long EntryCount => chain.CheckedCount;

    public long CheckpointCount => signed.CheckedCount;

    /// <summary>Walks to the end; returns the first finding, if there is any.</summary>
    public async Task<Finding?> WalkAsync(CancellationToken cancellationToken)
    {
        await foreach (var (row, copies) in records.RowsAsync(first, last, stream, cancellationToken))
        {
            if (await CheckCheckpointsAsync(row.Sequence - 1, cancellationToken) is { } before)
            {
                return before;
            }

            if (await chain.CheckAsync(row) is { } broken)
            {
                return broken;
            }

            if (EntryCopies.Of(row.Entry, row.Stream) != copies)
            {
                return new Finding(row.Sequence, $"Entry {row.Sequence} ({row.EventId}) is filed under other values than it carries.");
            }

            signed.Add(row);
        }

        return stream is null && chain.NextSequence <= last
            ? new Finding(chain.NextSequence, $"The chain ends before entry {last}: entries at its end were removed.")
            : await CheckCheckpointsAsync(last, cancellationToken);
    }

    /// <summary>What is wrong with the ends of the chains, when those who appended left them elsewhere; null when nothing is.</summary>
    /// <param name="isFromStart">Whether the walk began with the first entry there is, so that the end of a chain that was not met is known without a search.</param>
    public async Task<Finding?> CheckEndsAsync(bool isFromStart, CancellationToken cancellationToken)
    {
        foreach (var (name, sequence, hash) in await records.EndsAsync(stream, cancellationToken))
        {
            if (!chain.Heads.TryGetValue(name, out var head))
            {
                // In the middle of the whole trail no position is missing, so that all entries of a stream cannot be.
                if (stream is null && !isFromStart)
                {
                    continue;
                }

                head = await AnchorAsync(name, sequence);
            }

            if (head != new StreamHead(sequence, hash))
            {
                return new Finding(
                    chain.NextSequence, $"The chain of the stream '{name}' ends at its number {head?.Sequence ?? 0}, not {sequence}: entries at its end were removed.");
            }
        }

        return null;
    }

    public void Dispose() => signed.Dispose();

    private Task<StreamHead?> AnchorAsync(string name, long streamSequence) => records.AnchorAsync(name, first);

    private async ValueTask<Finding?> CheckCheckpointsAsync(long through, CancellationToken cancellationToken)
    {
        while (await checkpoints.NextAsync(through, cancellationToken) is { } checkpoint)
        {
            if (await signed.CheckAsync(checkpoint, chain) is { } finding)
            {
                return finding;
            }
        }

        return null;
    }
}
