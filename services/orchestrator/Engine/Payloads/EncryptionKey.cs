using System.Security.Cryptography;
using Mainstay.ServiceDefaults.Configuration;

namespace Mainstay.Orchestrator.Engine.Payloads;

/// <summary>A key of 256 bits under a name that gives nothing of it away.</summary>
internal sealed record EncryptionKey(string Id, byte[] Bytes)
{
    private const int Size = 32;

    public static EncryptionKey Of(byte[] bytes) => new(Convert.ToHexStringLower(SHA256.HashData(bytes))[..16], bytes);

    /// <summary>Reads a file of keys in base64, one a line: the first encrypts, all decrypt.</summary>
    public static IReadOnlyList<EncryptionKey> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new MainstayConfigurationException($"'temporal:encryption_keys_file' names '{path}', which is not there.");
        }

        var keys = File.ReadAllLines(path).Where(line => line.Trim().Length > 0).Select(line => Parse(line.Trim())).ToList();
        return keys.Count > 0 ? keys : throw Wrong();
    }

    private static EncryptionKey Parse(string line)
    {
        var bytes = new byte[Size];
        return Convert.TryFromBase64String(line, bytes, out var length) && length == Size ? Of(bytes) : throw Wrong();
    }

    private static MainstayConfigurationException Wrong() => new("'temporal:encryption_keys_file' must hold a key of 32 bytes in base64 on each line.");
}
