using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication.JwtBearer.Internal;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Microsoft.Net.Http.Headers;

namespace Microsoft.AspNetCore.Authentication.JwtBearer;

/// <summary>Authenticates requests by the bearer token in their header: https://www.rfc-editor.org/rfc/rfc6750.</summary>
public class JwtBearerHandler(IOptionsMonitor<JwtBearerOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<JwtBearerOptions>(options, logger, encoder)
{
    private const string Prefix = "Bearer ";

    /// <inheritdoc />
    protected override Task<object> CreateEventsAsync() => Task.FromResult<object>(new JwtBearerEvents());

    /// <inheritdoc />
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var received = new MessageReceivedContext(Context, Scheme, Options);
        await ((JwtBearerEvents)Events!).MessageReceived(received);
        if (received.Result is not null)
        {
            return received.Result;
        }

        var header = Request.Headers.Authorization.ToString();
        var encoded = received.Token ?? (header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? header[Prefix.Length..].Trim() : null);
        if (string.IsNullOrEmpty(encoded))
        {
            return AuthenticateResult.NoResult();
        }

        var parameters = Options.TokenValidationParameters;
        try
        {
            var token = TokenValidator.Validate(encoded, parameters, TimeProvider);
            var identity = new ClaimsIdentity(token.Claims, Scheme.Name, parameters.NameClaimType, parameters.RoleClaimType);
            var validated = new TokenValidatedContext(Context, Scheme, Options) { Principal = new ClaimsPrincipal(identity), SecurityToken = token };
            await ((JwtBearerEvents)Events!).TokenValidated(validated);
            if (validated.Result is null)
            {
                validated.Success();
            }

            return validated.Result!;
        }
        catch (SecurityTokenValidationException exception)
        {
            return AuthenticateResult.Fail(exception);
        }
    }

    /// <inheritdoc />
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var failure = (await HandleAuthenticateOnceSafeAsync()).Failure;
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        var details = failure is null || !Options.IncludeErrorDetails ? "" : $" error=\"invalid_token\", error_description=\"{failure.Message}\"";
        Response.Headers.Append(HeaderNames.WWWAuthenticate, Options.Challenge + details);
    }
}
