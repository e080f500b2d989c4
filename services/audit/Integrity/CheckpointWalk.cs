using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Mainstay.Audit.Integrity;

/// <summary>Goes along with a walk; at the end of each checkpoint what was walked must be what was signed.</summary>
/// <param name="first">The position where the walk begins.</param>
/// <param name="stream">The one stream that is walked; null for every one, so that the digest over all can be computed.</param>
/// <param name="keys">The keys that may sign, by their id.</param>
/// <param name="anchor">Finds the end of a stream's chain before the walk; null when there is none although there should be.</param>
internal sealed class CheckpointWalk(
    long first, string? stream, IReadOnlyDictionary<string, ECDsa> keys, Func<string, long, Task<StreamHead?>> anchor) : IDisposable
{
    private readonly IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<string, string> names = [];
    private readonly Dictionary<string, (string Stream, StreamHead Head)> ends = [];
    private SignedCheckpoint? previous;

    /// <summary>How many checkpoints hold.</summary>
    public long CheckedCount { get; private set; }

    /// <summary>The last position that a checkpoint which holds covers.</summary>
    public long CoveredThrough { get; private set; }

    /// <summary>The number of the last checkpoint that holds; 0 for none.</summary>
    public long LastNumber => previous?.Number ?? 0;

    /// <summary>The position up to which retention has dropped entries, as the last checkpoint that holds says.</summary>
    public long DroppedThrough { get; private set; }

    /// <summary>Takes an entry into account that follows from those before it.</summary>
    public void Add(ChainedRow row)
    {
        digest.AppendData(Encoding.ASCII.GetBytes(row.Hash));
        if (!names.TryGetValue(row.Stream, out var name))
        {
            names[row.Stream] = name = CheckpointStatement.NameOf(row.Stream);
        }

        ends[name] = (row.Stream, new StreamHead(row.StreamSequence, row.Hash));
    }

    /// <summary>What is wrong with a checkpoint, whose last entry has just been walked if it is there; null when nothing is.</summary>
    public async ValueTask<Finding?> CheckAsync(SignedCheckpoint signed, ChainWalk chain)
    {
        var seen = Convert.ToHexStringLower(digest.GetHashAndReset());
        var statement = Statement(signed, out var finding);
        if (statement is null)
        {
            return new Finding(signed.LastSequence, $"Checkpoint {signed.Number} {finding}.");
        }

        if (stream is null && chain.NextSequence <= statement.LastSequence)
        {
            return new Finding(chain.NextSequence, $"Entry {chain.NextSequence} was removed.");
        }

        if (stream is null && statement.FirstSequence >= first && statement.Digest != seen)
        {
            return new Finding(statement.FirstSequence, $"Entries {statement.FirstSequence} to {statement.LastSequence} are not those that checkpoint {signed.Number} signed.");
        }

        if (await CheckEndsAsync(statement) is { } end)
        {
            return end;
        }

        previous = signed;
        CoveredThrough = statement.LastSequence;
        DroppedThrough = statement.DroppedThrough;
        CheckedCount++;
        return null;
    }

    /// <summary>Checks a checkpoint by itself, and that it follows the one before it; null when it does not.</summary>
    public CheckpointStatement? Statement(SignedCheckpoint signed, out string finding)
    {
        finding = !keys.TryGetValue(signed.KeyId, out var key) ? $"was signed by the key {signed.KeyId}, which is not known"
            : !SigningKey.IsSigned(key, signed.Statement, signed.Signature) ? "was altered: its signature does not hold"
            : "";
        if (finding.Length > 0)
        {
            return null;
        }

        try
        {
            var statement = CheckpointStatement.Parse(signed.Statement);
            finding = statement.Number != signed.Number || statement.LastSequence != signed.LastSequence ? "is filed under another number or position than it carries"
                : previous is not null && (statement.Number != previous.Number + 1 || statement.Previous != previous.StatementDigest) ? $"does not follow checkpoint {previous.Number}: one was removed or altered"
                : "";
            return finding.Length == 0 ? statement : null;
        }
        catch (JsonException exception)
        {
            finding = $"cannot be read: {exception.Message}";
            return null;
        }
    }

    public void Dispose() => digest.Dispose();

    private async ValueTask<Finding?> CheckEndsAsync(CheckpointStatement statement)
    {
        foreach (var (name, end) in statement.Streams)
        {
            if (!ends.TryGetValue(name, out var walked))
            {
                if (stream is null && statement.FirstSequence >= first)
                {
                    return new Finding(statement.FirstSequence, $"A stream of which checkpoint {statement.Number} signed entries has none: they were moved to another.");
                }
            }
            else if (walked.Head != end)
            {
                return new Finding(
                    statement.LastSequence,
                    $"The stream '{walked.Stream}' does not end at entry {statement.LastSequence} as checkpoint {statement.Number} signed: it was rewritten.");
            }
        }

        // Of a stream without an entry so far none may have been signed, unless it lay before the walk.
        if (stream is not null && ends.Count == 0 && statement.Streams.TryGetValue(CheckpointStatement.NameOf(stream), out var signed)
            && (statement.FirstSequence >= first || signed != await anchor(stream, signed.Sequence)))
        {
            return new Finding(
                Math.Max(first, statement.FirstSequence), $"The stream '{stream}' had grown to its number {signed.Sequence} when checkpoint {statement.Number} was signed: its entries were removed.");
        }

        return null;
    }
}
