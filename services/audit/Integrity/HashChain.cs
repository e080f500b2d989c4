using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Mainstay.Audit.Integrity;

/// <summary>Links each entry to the one before it, so that none can be altered, removed or moved unseen.</summary>
internal static class HashChain
{
    private const int HashDigits = 64;

    /// <summary>What stands for the hash before the first entry of a stream.</summary>
    public static string Genesis { get; } = new('0', HashDigits);

    /// <summary>SHA-256 of the previous hash, as its 64 digits, followed by the entry's canonical JSON (RFC 8785).</summary>
    public static string Next(string previousHash, ReadOnlySpan<byte> canonicalEntry)
    {
        var linked = ArrayPool<byte>.Shared.Rent(HashDigits + canonicalEntry.Length);
        Encoding.ASCII.GetBytes(previousHash, linked);
        canonicalEntry.CopyTo(linked.AsSpan(HashDigits));
        Span<byte> next = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(linked.AsSpan(0, HashDigits + canonicalEntry.Length), next);
        ArrayPool<byte>.Shared.Return(linked);
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
