using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Microsoft.AspNetCore.Authentication.JwtBearer.Internal;

/// <summary>Checks a token: first its signature, then what it says.</summary>
internal static class TokenValidator
{
    public static JsonWebToken Validate(string encoded, TokenValidationParameters parameters, TimeProvider clock)
    {
        var token = new JsonWebToken(encoded);
        CheckSignature(token, parameters);
        CheckIssuer(token, parameters);
        CheckAudience(token, parameters);
        CheckLifetime(token, parameters, clock);
        return token;
    }

    private static void CheckSignature(JsonWebToken token, TokenValidationParameters parameters)
    {
        if (token.HasCriticalHeaders)
        {
            throw Refused("it has critical headers that are not understood");
        }

        if (parameters.ValidAlgorithms is { } allowed && !allowed.Contains(token.Alg, StringComparer.Ordinal))
        {
            throw Refused($"its algorithm '{Printable(token.Alg)}' is not allowed");
        }

        var keys = Keys(token, parameters);
        if (!keys.Any(key => key.Verifies(token.Alg, token.SignedData, token.Signature)))
        {
            throw Refused("its signature is not by a known key");
        }
    }

    // A token that names a key is checked against that key alone.
    private static IEnumerable<SecurityKey> Keys(JsonWebToken token, TokenValidationParameters parameters)
    {
        if (parameters.IssuerSigningKeyResolver is { } resolver)
        {
            return resolver(token.EncodedToken, token, token.Kid, parameters);
        }

        var known = (parameters.IssuerSigningKeys ?? []).Concat(parameters.IssuerSigningKey is { } single ? [single] : []);
        return token.Kid.Length == 0 ? known : known.Where(key => key.KeyId is null || key.KeyId == token.Kid);
    }

    private static void CheckIssuer(JsonWebToken token, TokenValidationParameters parameters)
    {
        var issuers = (parameters.ValidIssuers ?? []).Concat(parameters.ValidIssuer is { } single ? [single] : []);
        if (parameters.ValidateIssuer && (string.IsNullOrEmpty(token.Issuer) || !issuers.Contains(token.Issuer, StringComparer.Ordinal)))
        {
            throw Refused("it is from another issuer");
        }
    }

    private static void CheckAudience(JsonWebToken token, TokenValidationParameters parameters)
    {
        var audiences = (parameters.ValidAudiences ?? []).Concat(parameters.ValidAudience is { } single ? [single] : []);
        if (parameters.ValidateAudience && !audiences.Intersect(token.Audiences, StringComparer.Ordinal).Any())
        {
            throw Refused("it is for another audience");
        }
    }

    private static void CheckLifetime(JsonWebToken token, TokenValidationParameters parameters, TimeProvider clock)
    {
        if (!parameters.ValidateLifetime)
        {
            return;
        }

        if (!token.HasExpiration && parameters.RequireExpirationTime)
        {
            throw Refused("it does not say when it expires");
        }

        var now = clock.GetUtcNow().UtcDateTime;
        if (token.HasExpiration && now - parameters.ClockSkew >= token.ValidTo)
        {
            throw Refused("it has expired");
        }

        if (token.ValidFrom != DateTime.MinValue && now + parameters.ClockSkew < token.ValidFrom)
        {
            throw Refused("it is not valid yet");
        }
    }

    private static SecurityTokenValidationException Refused(string why) => new($"The token is refused: {why}.");

    private static string Printable(string text) => new([.. text.Where(char.IsAsciiLetterOrDigit).Take(16)]);
}
