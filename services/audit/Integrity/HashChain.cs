using System.Security.Cryptography;
using System.Text;

namespace Mainstay.Audit.Integrity;

/// <summary>Links each entry to the one before it, so that none can be altered, removed or moved unseen.</summary>
internal static class HashChain
{
    /// <summary>What stands for the hash before the first entry of a stream.</summary>
    public static string Genesis { get; } = new('0', 64);

    /// <summary>SHA-256 of the previous hash, as its 64 digits, followed by the entry's canonical JSON (RFC 8785).</summary>
    public static string Next(string previousHash, ReadOnlySpan<byte> canonicalEntry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> previous = stackalloc byte[64];
        Encoding.ASCII.GetBytes(previousHash, previous);
        hash.AppendData(previous);
        hash.AppendData(canonicalEntry);
        Span<byte> next = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(next);
        return Convert.ToHexStringLower(next);
    }
}

/// <summary>The end of a stream's chain: how many entries it has had, and the hash of the last.</summary>
internal sealed record StreamHead(long Sequence, string Hash)
{
    /// <summary>The end of a chain without entries.</summary>
    public static StreamHead Empty { get; } = new(0, HashChain.Genesis);

    /// <summary>The end after one more entry.</summary>
    public StreamHead Append(ReadOnlySpan<byte> canonicalEntry) => new(Sequence + 1, HashChain.Next(Hash, canonicalEntry));
}
