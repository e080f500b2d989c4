using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace Mainstay.ServiceDefaults.Authentication;

/// <summary>What is done before and after a token is verified: the oversized are refused, and those verified before are let pass.</summary>
internal sealed class TokenEvents(VerifiedTokens verified, SigningKeys keys) : JwtBearerEvents
{
    // Ours have less than one KiB; checking a signature over megabytes is work that an attacker would give us.
    private const int MostCharacters = 16 * 1024;
    private const string Prefix = "Bearer ";

    private static readonly object KeyEpoch = new();

    public override Task MessageReceived(MessageReceivedContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length > MostCharacters)
        {
            context.Fail($"The token is longer than {MostCharacters} characters.");
        }
        else if (verified.Find(header) is { } principal)
        {
            context.Principal = principal;
            context.Success();
        }
        else
        {
            // Should the keys change while the token is verified, it counts as verified by the former ones.
            context.HttpContext.Items[KeyEpoch] = keys.Epoch();
        }

        return Task.CompletedTask;
    }

    public override Task TokenValidated(TokenValidatedContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (context.Principal is { } principal && header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && context.HttpContext.Items[KeyEpoch] is long epoch)
        {
            context.Principal = new CallerPrincipal(principal);
            verified.Remember(header, context.Principal, new DateTimeOffset(context.SecurityToken.ValidTo, TimeSpan.Zero), epoch);
        }

        return Task.CompletedTask;
    }
}
