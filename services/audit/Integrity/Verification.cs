using System.Security.Cryptography;
using Npgsql;

namespace Mainstay.Audit.Integrity;

/// <summary>One walk along the trail and its checkpoints.</summary>
internal sealed class Verification : IDisposable
{
    private readonly long first;
    private readonly long last;
    private readonly string? stream;
    private readonly IReadOnlyList<SignedCheckpoint> checkpoints;
    private readonly TrailRecords records;
    private readonly ChainWalk chain;
    private readonly CheckpointWalk signed;
    private readonly IReadOnlyDictionary<string, ECDsa> keys;
    private int next;

    public Verification(
        long first, long last, string? stream, IReadOnlyList<SignedCheckpoint> checkpoints, IReadOnlyDictionary<string, ECDsa> keys, TrailRecords records)
    {
        (this.first, this.last, this.stream, this.checkpoints, this.keys, this.records) = (first, last, stream, checkpoints, keys, records);
        chain = new ChainWalk(first, stream is null, (name, _) => records.AnchorAsync(name, first));
        signed = new CheckpointWalk(first, stream is null, keys);
    }

    public long EntryCount => chain.CheckedCount;

    public long CheckpointCount => signed.CheckedCount;

    /// <summary>Walks to the end; returns the first finding, if there is any.</summary>
    public async Task<Finding?> WalkAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        next = checkpoints.TakeWhile(checkpoint => checkpoint.LastSequence < first).Count();
        await foreach (var (row, copies) in records.RowsAsync(connection, first, last, stream, cancellationToken))
        {
            if (CheckCheckpoints(row.Sequence - 1) is { } before)
            {
                return before;
            }

            if (await chain.CheckAsync(row) is { } broken)
            {
                return broken;
            }

            if (copies != EntryCopies.Of(row.Entry, row.Stream))
            {
                return new Finding(row.Sequence, $"Entry {row.Sequence} ({row.EventId}) is filed under other values than it carries.");
            }

            signed.Add(row.Hash);
        }

        return stream is null && chain.NextSequence <= last
            ? new Finding(chain.NextSequence, $"The chain ends before entry {last}: entries at its end were removed.")
            : CheckCheckpoints(last);
    }

    /// <summary>Whether the chains walked end where those who appended left them.</summary>
    public Finding? CheckEnds(IEnumerable<(string Stream, long Sequence, string Hash)> ends)
    {
        foreach (var (name, sequence, hash) in ends)
        {
            if (chain.Heads.TryGetValue(name, out var head) && (head.Sequence != sequence || head.Hash != hash))
            {
                return new Finding(chain.NextSequence, $"The chain of the stream '{name}' ends at its number {head.Sequence}, not {sequence}: entries at its end were removed.");
            }
        }

        return null;
    }

    public void Dispose()
    {
        signed.Dispose();
        foreach (var key in keys.Values)
        {
            key.Dispose();
        }
    }

    private Finding? CheckCheckpoints(long through)
    {
        for (; next < checkpoints.Count && checkpoints[next].LastSequence <= through; next++)
        {
            if (signed.Check(checkpoints[next], chain) is { } finding)
            {
                return finding;
            }
        }

        return null;
    }
}
