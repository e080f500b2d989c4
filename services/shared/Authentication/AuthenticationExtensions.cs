using System.Security.Claims;
using Mainstay.ServiceDefaults.Configuration;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Mainstay.ServiceDefaults.Authentication;

internal static class AuthenticationExtensions
{
    // Asymmetric only: with a shared secret, whoever can verify a token could also make one.
    private static readonly string[] Algorithms = ["RS256", "ES256"];

    /// <summary>What is asked of a caller where an endpoint asks for nothing else: a token that says whose it is.</summary>
    public static AuthorizationPolicy AnyCaller { get; } =
        new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(context => NamesSubject(context.User)).Build();

    /// <summary>Whether a principal says whose it is.</summary>
    public static bool NamesSubject(ClaimsPrincipal principal) => principal.HasClaim(claim => claim is { Type: "sub", Value.Length: > 0 });

    /// <summary>Adds authentication by token; everything that does not say otherwise needs one.</summary>
    public static void AddMainstayAuthentication(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var source = configuration["auth:jwks_file"] is { Length: > 0 } file ? file : configuration["auth:jwks_url"];
        if (string.IsNullOrEmpty(source))
        {
            throw new MainstayConfigurationException("Neither 'auth:jwks_file' nor 'auth:jwks_url' is set. Set one, so that tokens can be verified.");
        }

        var issuer = configuration.Required("auth:issuer");
        var audience = configuration.Required("auth:audience");
        var clockSkew = configuration.Duration("auth:clock_skew", TimeSpan.FromSeconds(30));
        builder.Services.AddSingleton(services =>
            new SigningKeys(source, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<SigningKeys>>()));
        builder.Services.AddSingleton(services =>
            new VerifiedTokens(services.GetRequiredService<SigningKeys>(), services.GetRequiredService<TimeProvider>(), clockSkew));
        builder.Services.AddSingleton<TokenEvents>();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<SigningKeys, TokenEvents>((options, keys, events) =>
        {
            options.MapInboundClaims = false;
            options.Events = events;
            options.TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuer = issuer,
                ValidAudience = audience,
                ValidAlgorithms = Algorithms,
                ClockSkew = clockSkew,
                NameClaimType = "sub",
                RoleClaimType = "role",
                IssuerSigningKeyResolver = (_, _, kid, _) => keys.Find(kid ?? ""),
            };
        });
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, TokenRefusal>();
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(AnyCaller);
    }
}
