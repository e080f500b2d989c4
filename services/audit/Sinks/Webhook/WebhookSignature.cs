using System.Security.Cryptography;
using System.Text;

namespace Mainstay.Audit.Sinks.Webhook;

/// <summary>Signs deliveries as Standard Webhooks prescribes: HMAC-SHA256 over "id.timestamp.body".</summary>
internal sealed class WebhookSignature
{
    private const string Prefix = "whsec_";
    private const int FewestKeyBytes = 24;
    private const int MostKeyBytes = 64;

    private readonly byte[][] keys;

    private WebhookSignature(byte[][] keys) => this.keys = keys;

    /// <summary>Reads secrets, separated by spaces: with the old and the new one, a receiver can change over in its own time.</summary>
    public static bool TryParse(string secrets, out WebhookSignature? signature)
    {
        var keys = secrets.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Key).ToArray();
        signature = keys.Length > 0 && keys.All(key => key.Length is >= FewestKeyBytes and <= MostKeyBytes) ? new WebhookSignature(keys) : null;
        return signature is not null;
    }

    /// <summary>The value of <c>webhook-signature</c>: one signature for each secret.</summary>
    public string Sign(string id, long timestamp, byte[] body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return string.Join(' ', keys.Select(key => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}"));
    }

    private static byte[] Key(string secret)
    {
        var encoded = secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : "";
        var key = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, key, out var length) ? key[..length] : [];
    }
}
