using System.Buffers.Text;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Microsoft.IdentityModel.JsonWebTokens;

/// <summary>A signed token, read but not verified: https://www.rfc-editor.org/rfc/rfc7519.</summary>
public class JsonWebToken : SecurityToken
{
    // The official default: whoever sends more wants to keep us busy.
    private const int MostCharacters = 250 * 1024;

    // A name that stands twice would mean one thing to this reader and another to the next.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly JsonElement header;
    private readonly JsonElement payload;

    /// <summary>Reads a token; throws <see cref="SecurityTokenValidationException"/> when it is none.</summary>
    public JsonWebToken(string jwtEncodedString)
    {
        ArgumentException.ThrowIfNullOrEmpty(jwtEncodedString);
        if (jwtEncodedString.Length > MostCharacters)
        {
            throw new SecurityTokenValidationException($"The token is longer than {MostCharacters} characters.");
        }

        EncodedToken = jwtEncodedString;
        var parts = jwtEncodedString.Split('.');
        if (parts.Length != 3)
        {
            throw new SecurityTokenValidationException("The token is not of three parts.");
        }

        try
        {
            header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]), Strict).RootElement;
            payload = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]), Strict).RootElement;
            Signature = Base64Url.DecodeFromChars(parts[2]);
            SignedData = Encoding.ASCII.GetBytes(jwtEncodedString, 0, parts[0].Length + 1 + parts[1].Length);
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            throw new SecurityTokenValidationException("The token does not parse.");
        }

        if (header.ValueKind != JsonValueKind.Object || payload.ValueKind != JsonValueKind.Object)
        {
            throw new SecurityTokenValidationException("The token does not parse.");
        }
    }

    /// <summary>The token as it came.</summary>
    public string EncodedToken { get; }

    /// <summary>The algorithm it says it is signed with.</summary>
    public string Alg => Text(header, "alg") ?? "";

    /// <summary>The key it says it is signed with.</summary>
    public string Kid => Text(header, "kid") ?? "";

    /// <summary>Whom it is about.</summary>
    public string Subject => Text(payload, "sub") ?? "";

    /// <inheritdoc />
    public override string? Id => Text(payload, "jti");

    /// <inheritdoc />
    public override string? Issuer => Text(payload, "iss");

    /// <inheritdoc />
    public override DateTime ValidFrom => Time("nbf") ?? DateTime.MinValue;

    /// <inheritdoc />
    public override DateTime ValidTo => Time("exp") ?? DateTime.MinValue;

    /// <summary>For whom it is.</summary>
    public IEnumerable<string> Audiences => Texts(payload, "aud");

    /// <summary>What it says.</summary>
    public IEnumerable<Claim> Claims => payload.EnumerateObject()
        .SelectMany(property => property.Value.ValueKind == JsonValueKind.Array
            ? property.Value.EnumerateArray().Select(value => (property.Name, Value: value))
            : [(property.Name, property.Value)])
        .Select(each => new Claim(each.Name, Text(each.Value), ClaimValueTypes.String, Issuer));

    internal byte[] SignedData { get; }

    internal byte[] Signature { get; }

    internal bool HasCriticalHeaders => header.TryGetProperty("crit", out _);

    internal bool HasExpiration => payload.TryGetProperty("exp", out _);

    // A claim of null is there and empty.
    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<string> Texts(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var value) ? []
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Where(each => each.ValueKind == JsonValueKind.String).Select(each => each.GetString()!)
        : value.ValueKind == JsonValueKind.String ? [value.GetString()!]
        : [];

    private DateTime? Time(string name)
    {
        if (!payload.TryGetProperty(name, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and < 253_402_300_800
            ? DateTime.UnixEpoch.AddSeconds(seconds)
            : throw new SecurityTokenValidationException($"The token's '{name}' is not a time.");
    }
}
