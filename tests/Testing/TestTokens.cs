using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mainstay.Testing;

/// <summary>An issuer of tokens for tests, with a key of its own.</summary>
public sealed class TestTokens : IDisposable
{
    public const string Issuer = "https://issuer.test";
    public const string Audience = "mainstay";

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The key's id.</summary>
    public string KeyId { get; } = Guid.NewGuid().ToString("n");

    /// <summary>The public key as a set.</summary>
    public JsonObject KeySet
    {
        get
        {
            var point = key.ExportParameters(includePrivateParameters: false).Q;
            return new JsonObject
            {
                ["keys"] = new JsonArray(new JsonObject
                {
                    ["kty"] = "EC",
                    ["crv"] = "P-256",
                    ["kid"] = KeyId,
                    ["use"] = "sig",
                    ["x"] = Base64Url.EncodeToString(point.X),
                    ["y"] = Base64Url.EncodeToString(point.Y),
                }),
            };
        }
    }

    /// <summary>A token that is valid for an hour unless a claim says otherwise; a claim of null is left out.</summary>
    public string Create(string subject = "ada", params (string Name, JsonNode? Value)[] claims)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var payload = new JsonObject { ["iss"] = Issuer, ["aud"] = Audience, ["sub"] = subject, ["nbf"] = now - 60, ["exp"] = now + 3600 };
        foreach (var (name, value) in claims)
        {
            payload.Remove(name);
            if (value is not null)
            {
                payload[name] = value;
            }
        }

        var header = new JsonObject { ["alg"] = "ES256", ["typ"] = "JWT", ["kid"] = KeyId };
        var signed = $"{Encode(header)}.{Encode(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    public void Dispose() => key.Dispose();

    internal static string Encode(JsonNode node) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(node));
}
