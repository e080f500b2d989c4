using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Mainstay.Audit.Integrity;

/// <summary>Goes along with a walk; at the end of each checkpoint what was walked must be what was signed.</summary>
/// <param name="first">The position where the walk begins.</param>
/// <param name="isWhole">Whether every stream is walked, so that the digest over all can be computed.</param>
/// <param name="keys">The keys that may sign, by their id.</param>
internal sealed class CheckpointWalk(long first, bool isWhole, IReadOnlyDictionary<string, ECDsa> keys) : IDisposable
{
    private readonly IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private SignedCheckpoint? previous;

    /// <summary>How many checkpoints hold.</summary>
    public long CheckedCount { get; private set; }

    /// <summary>The last position that a checkpoint which holds covers.</summary>
    public long CoveredThrough { get; private set; }

    /// <summary>Takes an entry's hash into account.</summary>
    public void Add(string hash) => digest.AppendData(Encoding.ASCII.GetBytes(hash));

    /// <summary>What is wrong with a checkpoint, whose last entry has just been walked if it is there; null when nothing is.</summary>
    public Finding? Check(SignedCheckpoint signed, ChainWalk chain)
    {
        var seen = Convert.ToHexStringLower(digest.GetHashAndReset());
        var statement = Statement(signed, out var finding);
        if (statement is null)
        {
            return new Finding(signed.LastSequence, $"Checkpoint {signed.Number} {finding}.");
        }

        if (isWhole && chain.NextSequence <= statement.LastSequence)
        {
            return new Finding(chain.NextSequence, $"Entry {chain.NextSequence} was removed.");
        }

        if (isWhole && statement.FirstSequence >= first && statement.Digest != seen)
        {
            return new Finding(statement.FirstSequence, $"Entries {statement.FirstSequence} to {statement.LastSequence} are not those that checkpoint {signed.Number} signed.");
        }

        foreach (var (stream, head) in chain.Heads)
        {
            if (statement.Streams.TryGetValue(CheckpointStatement.NameOf(stream), out var end) && end != head)
            {
                return new Finding(
                    statement.LastSequence, $"The stream '{stream}' does not end at entry {statement.LastSequence} as checkpoint {signed.Number} signed: it was rewritten.");
            }
        }

        previous = signed;
        CoveredThrough = statement.LastSequence;
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
}
