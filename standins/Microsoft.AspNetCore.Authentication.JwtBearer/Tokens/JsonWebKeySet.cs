using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.IdentityModel.Tokens;

/// <summary>A key as JSON: https://www.rfc-editor.org/rfc/rfc7517.</summary>
public class JsonWebKey
{
    /// <summary>The kind of key, "RSA" or "EC".</summary>
    [JsonPropertyName("kty")]
    public string? Kty { get; set; }

    /// <summary>The key's id.</summary>
    [JsonPropertyName("kid")]
    public string? Kid { get; set; }

    /// <summary>What the key is for, "sig" or "enc".</summary>
    [JsonPropertyName("use")]
    public string? Use { get; set; }

    /// <summary>The algorithm the key is for.</summary>
    [JsonPropertyName("alg")]
    public string? Alg { get; set; }

    /// <summary>The curve.</summary>
    [JsonPropertyName("crv")]
    public string? Crv { get; set; }

    /// <summary>The point's x, base64url.</summary>
    [JsonPropertyName("x")]
    public string? X { get; set; }

    /// <summary>The point's y, base64url.</summary>
    [JsonPropertyName("y")]
    public string? Y { get; set; }

    /// <summary>The modulus, base64url.</summary>
    [JsonPropertyName("n")]
    public string? N { get; set; }

    /// <summary>The exponent, base64url.</summary>
    [JsonPropertyName("e")]
    public string? E { get; set; }

    internal SecurityKey? ToSecurityKey() => this switch
    {
        { Use: not (null or "sig") } => null,
        { Kty: "RSA", N: { } n, E: { } e } => new RsaSecurityKey(new RSAParameters { Modulus = Base64Url.DecodeFromChars(n), Exponent = Base64Url.DecodeFromChars(e) }) { KeyId = Kid },
        { Kty: "EC", X: { } x, Y: { } y } when Curve(Crv) is { } curve => new ECDsaSecurityKey(ECDsa.Create(new ECParameters
        {
            Curve = curve,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(x), Y = Base64Url.DecodeFromChars(y) },
        }))
        { KeyId = Kid },
        _ => null,
    };

    private static ECCurve? Curve(string? name) => name switch
    {
        "P-256" => ECCurve.NamedCurves.nistP256,
        "P-384" => ECCurve.NamedCurves.nistP384,
        "P-521" => ECCurve.NamedCurves.nistP521,
        _ => null,
    };
}

/// <summary>A set of keys as JSON: https://www.rfc-editor.org/rfc/rfc7517#section-5.</summary>
public class JsonWebKeySet
{
    /// <summary>An empty set.</summary>
    public JsonWebKeySet()
    {
    }

    /// <summary>Reads a set.</summary>
    public JsonWebKeySet(string json)
    {
        ArgumentException.ThrowIfNullOrEmpty(json);
        using var document = JsonDocument.Parse(json);
        Keys = document.RootElement.GetProperty("keys").Deserialize<List<JsonWebKey>>() ?? [];
    }

    /// <summary>The keys.</summary>
    public IList<JsonWebKey> Keys { get; } = [];

    /// <summary>The keys that verify signatures; those of unknown kinds are left out.</summary>
    public IList<SecurityKey> GetSigningKeys() => [.. Keys.Select(key => key.ToSecurityKey()).OfType<SecurityKey>()];
}
