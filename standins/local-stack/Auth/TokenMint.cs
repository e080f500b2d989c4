using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Mainstay.LocalStack.Auth;

/// <summary>Mints the JWTs of a local stack.</summary>
internal sealed class TokenMint(SigningKey signingKey, TimeProvider clock)
{
    public const string Issuer = "https://mainstay.local";
    public const string Audience = "mainstay";

    /// <summary>Mints a token that every service of this stack accepts.</summary>
    public string Mint(TokenRequest request)
    {
        using var key = signingKey.Open();
        var now = clock.GetUtcNow();
        var header = new { alg = "ES256", typ = "JWT", kid = SigningKey.KeyId(key) };
        var claims = new
        {
            iss = Issuer,
            aud = Audience,
            sub = request.Subject,
            team = request.Team,
            project = request.Project,
            rbac_scope = request.Scope,
            role = request.Role,
            iat = now.ToUnixTimeSeconds(),
            nbf = now.ToUnixTimeSeconds(),
            exp = (now + request.Lifetime).ToUnixTimeSeconds(),
            jti = Guid.CreateVersion7(now),
        };

        var signed = $"{Encode(header)}.{Encode(claims)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode<T>(T value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
