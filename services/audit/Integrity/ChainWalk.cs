using System.Text;

namespace Mainstay.Audit.Integrity;

/// <summary>What is wrong with the trail, and where.</summary>
internal sealed record Finding(long Sequence, string Text);

/// <summary>An entry with its place, as a table or a file holds it.</summary>
internal sealed record ChainedRow(long Sequence, string EventId, string Stream, long StreamSequence, string Entry, string Hash);

/// <summary>Walks along the trail; each entry must follow from the one before it in its stream.</summary>
/// <param name="first">The position where the walk begins.</param>
/// <param name="isWhole">Whether every stream is walked, so that no position may be missing.</param>
/// <param name="anchor">Finds the end of a stream's chain before the walk; null when there is none although there should be.</param>
internal sealed class ChainWalk(long first, bool isWhole, Func<string, long, Task<StreamHead?>> anchor)
{
    private readonly Dictionary<string, StreamHead> heads = [];

    /// <summary>How many entries are as they were recorded.</summary>
    public long CheckedCount { get; private set; }

    /// <summary>The position that comes next.</summary>
    public long NextSequence { get; private set; } = first;

    /// <summary>The ends of the chains walked so far.</summary>
    public IReadOnlyDictionary<string, StreamHead> Heads => heads;

    /// <summary>What is wrong with the next entry; null when nothing is.</summary>
    public async ValueTask<Finding?> CheckAsync(ChainedRow row)
    {
        if (row.Sequence < NextSequence)
        {
            return new Finding(row.Sequence, $"Entry {row.Sequence} ({row.EventId}) lies behind a later one: it was moved.");
        }

        if (isWhole && row.Sequence > NextSequence)
        {
            return new Finding(NextSequence, $"Entry {NextSequence} was removed.");
        }

        if (!heads.TryGetValue(row.Stream, out var head) && (head = await anchor(row.Stream, row.StreamSequence)) is null)
        {
            return new Finding(row.Sequence, $"The entry before {row.Sequence} ({row.EventId}) in the stream '{row.Stream}' was removed.");
        }

        var next = head.Append(Encoding.UTF8.GetBytes(row.Entry));
        if (next.Sequence < row.StreamSequence && !isWhole)
        {
            return new Finding(row.Sequence, $"Number {next.Sequence} of the stream '{row.Stream}', before entry {row.Sequence} ({row.EventId}), was removed.");
        }

        // An entry that is older than streams may be written otherwise.
        if (next.Sequence != row.StreamSequence
            || (next.Hash != row.Hash && !(EntryText.TryCanonical(row.Entry, out var canonical) && head.Append(canonical).Hash == row.Hash)))
        {
            return new Finding(row.Sequence, $"Entry {row.Sequence} ({row.EventId}) does not follow from the entry before it: one of them was altered or moved.");
        }

        heads[row.Stream] = new StreamHead(row.StreamSequence, row.Hash);
        NextSequence = row.Sequence + 1;
        CheckedCount++;
        return null;
    }
}
