using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;

namespace Microsoft.AspNetCore.Authentication.JwtBearer;

/// <summary>The defaults of bearer authentication.</summary>
public static class JwtBearerDefaults
{
    /// <summary>The name of the scheme.</summary>
    public const string AuthenticationScheme = "Bearer";
}

/// <summary>How bearer tokens are checked.</summary>
public class JwtBearerOptions : AuthenticationSchemeOptions
{
    /// <summary>The scheme's word in "WWW-Authenticate".</summary>
    public string Challenge { get; set; } = JwtBearerDefaults.AuthenticationScheme;

    /// <summary>The audience, unless <see cref="TokenValidationParameters"/> has one.</summary>
    public string? Audience { get; set; }

    /// <summary>What a token must fulfil.</summary>
    public TokenValidationParameters TokenValidationParameters { get; set; } = new();

    /// <summary>Whether claims are renamed to the long names of WS-Federation. Default true; the stand-in keeps the names whatever it says.</summary>
    public bool MapInboundClaims { get; set; } = true;

    /// <summary>Whether the challenge says what is wrong. Default true.</summary>
    public bool IncludeErrorDetails { get; set; } = true;

    /// <summary>What the application wants to be asked.</summary>
    public new JwtBearerEvents Events
    {
        get => (JwtBearerEvents)base.Events!;
        set => base.Events = value;
    }
}

/// <summary>What the application is asked while a token is checked.</summary>
public class JwtBearerEvents
{
    /// <summary>A token is looked for.</summary>
    public Func<MessageReceivedContext, Task> OnMessageReceived { get; set; } = _ => Task.CompletedTask;

    /// <summary>A token is valid, and its principal made.</summary>
    public Func<TokenValidatedContext, Task> OnTokenValidated { get; set; } = _ => Task.CompletedTask;

    /// <summary>A token is looked for.</summary>
    public virtual Task MessageReceived(MessageReceivedContext context) => OnMessageReceived(context);

    /// <summary>A token is valid, and its principal made.</summary>
    public virtual Task TokenValidated(TokenValidatedContext context) => OnTokenValidated(context);
}

/// <summary>A token is valid, and its principal made.</summary>
public class TokenValidatedContext(HttpContext context, AuthenticationScheme scheme, JwtBearerOptions options)
    : ResultContext<JwtBearerOptions>(context, scheme, options)
{
    /// <summary>The token.</summary>
    public SecurityToken SecurityToken { get; set; } = null!;
}

/// <summary>A token is looked for.</summary>
public class MessageReceivedContext(HttpContext context, AuthenticationScheme scheme, JwtBearerOptions options)
    : ResultContext<JwtBearerOptions>(context, scheme, options)
{
    /// <summary>The token, when the application finds it elsewhere than in the header.</summary>
    public string? Token { get; set; }
}
