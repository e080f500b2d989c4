using System.Security.Cryptography;
using System.Text;

namespace Mainstay.Audit.Sinks.Webhook;

/// <summary>Signs deliveries as Standard Webhooks prescribes, over "id.timestamp.body": by HMAC-SHA256 (<c>v1</c>) or Ed25519 (<c>v1a</c>).</summary>
internal sealed class WebhookSignature
{
    private const string Symmetric = "whsec_";
    private const string Asymmetric = "whsk_";
    private const int FewestKeyBytes = 24;
    private const int MostKeyBytes = 64;

    private readonly Func<byte[], string>[] signers;

    private WebhookSignature(Func<byte[], string>[] signers) => this.signers = signers;

    /// <summary>Reads secrets, separated by spaces: with the old and the new one, a receiver can change over in its own time.</summary>
    public static bool TryParse(string secrets, out WebhookSignature? signature)
    {
        var signers = secrets.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Signer).ToArray();
        signature = signers.Length > 0 && Array.TrueForAll(signers, signer => signer is not null) ? new WebhookSignature(signers!) : null;
        return signature is not null;
    }

    /// <summary>The value of <c>webhook-signature</c>: one signature for each secret.</summary>
    public string Sign(string id, long timestamp, byte[] body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return string.Join(' ', signers.Select(signer => signer(signed)));
    }

    private static Func<byte[], string>? Signer(string secret)
    {
        if (Key(secret, Symmetric) is { Length: >= FewestKeyBytes and <= MostKeyBytes } shared)
        {
            return signed => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(shared, signed))}";
        }

        return PrivateKey(secret) is { } key ? signed => $"v1a,{Convert.ToBase64String(Ed25519.Sign(key, signed))}" : null;
    }

    // The private key, with or without the public one behind it, which then must be its own.
    private static byte[]? PrivateKey(string secret) => Ed25519.IsSupported && Key(secret, Asymmetric) is { Length: Ed25519.KeyBytes or 2 * Ed25519.KeyBytes } pair
        && (pair.Length == Ed25519.KeyBytes || pair.AsSpan(Ed25519.KeyBytes).SequenceEqual(Ed25519.PublicKeyOf(pair[..Ed25519.KeyBytes])))
            ? pair[..Ed25519.KeyBytes]
            : null;

    private static byte[] Key(string secret, string prefix)
    {
        var encoded = secret.StartsWith(prefix, StringComparison.Ordinal) ? secret[prefix.Length..] : "";
        var key = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, key, out var length) ? key[..length] : [];
    }
}
