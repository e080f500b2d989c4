using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Microsoft.AspNetCore.Authentication.JwtBearer.Tests;

/// <summary>An issuer with an RSA key, that also makes tokens which nobody should make.</summary>
internal sealed class Issuer : IDisposable
{
    public const string Name = "https://issuer.test";
    public const string Audience = "mainstay";

    public static DateTimeOffset Now { get; } = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public string KeyId { get; init; } = "key-1";

    public RSA Key { get; } = RSA.Create(2048);

    public string Keys
    {
        get
        {
            var parameters = Key.ExportParameters(includePrivateParameters: false);
            var key = new JsonObject
            {
                ["kty"] = "RSA",
                ["kid"] = KeyId,
                ["n"] = Base64Url.EncodeToString(parameters.Modulus),
                ["e"] = Base64Url.EncodeToString(parameters.Exponent),
            };
            return new JsonObject { ["keys"] = new JsonArray(key) }.ToJsonString();
        }
    }

    /// <summary>A token that is valid for an hour at <see cref="Now"/>, but for what is changed; null leaves a claim out.</summary>
    public string Issue(params (string Claim, JsonNode? Value)[] changes) => Sign(Header(), Payload(changes));

    public JsonObject Header(params (string Name, JsonNode? Value)[] changes) =>
        Changed(new JsonObject { ["alg"] = "RS256", ["kid"] = KeyId, ["typ"] = "JWT" }, changes);

    public JsonObject Payload(params (string Claim, JsonNode? Value)[] changes) => Changed(
        new JsonObject { ["iss"] = Name, ["aud"] = Audience, ["sub"] = "ada", ["nbf"] = Now.ToUnixTimeSeconds(), ["exp"] = Now.AddHours(1).ToUnixTimeSeconds() }, changes);

    public string Sign(JsonObject header, JsonObject payload) => Sign(header.ToJsonString(), payload.ToJsonString(), Rs256);

    public byte[] Rs256(byte[] data) => Key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public static string Sign(string header, string payload, Func<byte[], byte[]> sign)
    {
        var data = $"{Encode(header)}.{Encode(payload)}";
        return $"{data}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(data)))}";
    }

    public void Dispose() => Key.Dispose();

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static JsonObject Changed(JsonObject json, (string Name, JsonNode? Value)[] changes)
    {
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                json.Remove(name);
            }
            else
            {
                json[name] = value;
            }
        }

        return json;
    }
}

/// <summary>A clock that stands still.</summary>
internal sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
