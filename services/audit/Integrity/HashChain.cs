using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Canonical;

namespace Mainstay.Audit.Integrity;

/// <summary>Links each entry to the one before it, so that none can be altered, removed or moved unseen.</summary>
internal static class HashChain
{
    /// <summary>What stands for the hash before the first entry.</summary>
    public static string Genesis { get; } = new('0', 64);

    /// <summary>SHA-256 of the previous hash, as its 64 digits, followed by the entry's canonical JSON (RFC 8785).</summary>
    public static string Next(string previousHash, JsonNode entry) =>
        Convert.ToHexStringLower(SHA256.HashData([.. Encoding.ASCII.GetBytes(previousHash), .. CanonicalJson.Serialize(entry)]));
}
