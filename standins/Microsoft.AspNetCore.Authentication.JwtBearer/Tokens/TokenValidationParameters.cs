namespace Microsoft.IdentityModel.Tokens;

/// <summary>Finds the keys that may have signed a token.</summary>
public delegate IEnumerable<SecurityKey> IssuerSigningKeyResolver(string token, SecurityToken securityToken, string kid, TokenValidationParameters validationParameters);

/// <summary>A token.</summary>
public abstract class SecurityToken
{
    /// <summary>The token's id.</summary>
    public abstract string? Id { get; }

    /// <summary>Who issued it.</summary>
    public abstract string? Issuer { get; }

    /// <summary>From when it is valid.</summary>
    public abstract DateTime ValidFrom { get; }

    /// <summary>Until when it is valid.</summary>
    public abstract DateTime ValidTo { get; }
}

/// <summary>What a token must fulfil.</summary>
public class TokenValidationParameters
{
    /// <summary>Five minutes.</summary>
    public static readonly TimeSpan DefaultClockSkew = TimeSpan.FromMinutes(5);

    /// <summary>By how much clocks may differ. Default 5 minutes.</summary>
    public TimeSpan ClockSkew { get; set; } = DefaultClockSkew;

    /// <summary>The issuer.</summary>
    public string? ValidIssuer { get; set; }

    /// <summary>The issuers.</summary>
    public IEnumerable<string>? ValidIssuers { get; set; }

    /// <summary>Whether the issuer is checked. Default true.</summary>
    public bool ValidateIssuer { get; set; } = true;

    /// <summary>The audience.</summary>
    public string? ValidAudience { get; set; }

    /// <summary>The audiences.</summary>
    public IEnumerable<string>? ValidAudiences { get; set; }

    /// <summary>Whether the audience is checked. Default true.</summary>
    public bool ValidateAudience { get; set; } = true;

    /// <summary>Whether the lifetime is checked. Default true.</summary>
    public bool ValidateLifetime { get; set; } = true;

    /// <summary>Whether a token must say when it expires. Default true.</summary>
    public bool RequireExpirationTime { get; set; } = true;

    /// <summary>The algorithms that are allowed; null for all that the keys can.</summary>
    public IEnumerable<string>? ValidAlgorithms { get; set; }

    /// <summary>A key.</summary>
    public SecurityKey? IssuerSigningKey { get; set; }

    /// <summary>The keys.</summary>
    public IEnumerable<SecurityKey>? IssuerSigningKeys { get; set; }

    /// <summary>Finds the keys for a token.</summary>
    public IssuerSigningKeyResolver? IssuerSigningKeyResolver { get; set; }

    /// <summary>The claim that is the identity's name.</summary>
    public string NameClaimType { get; set; } = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name";

    /// <summary>The claim that is the identity's role.</summary>
    public string RoleClaimType { get; set; } = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";
}

/// <summary>A token was refused.</summary>
public class SecurityTokenValidationException(string message) : Exception(message);
