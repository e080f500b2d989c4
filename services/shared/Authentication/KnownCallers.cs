using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Mainstay.ServiceDefaults.Authentication;

/// <summary>
/// Lets calls pass whose token has been verified before, where nothing but a good token is asked; all others go through the framework's authentication
/// and authorization, which take longer than most answers from memory.
/// </summary>
internal sealed class KnownCallers(VerifiedTokens verified, bool tokenIsEnough)
{
    // The framework puts its own two in front of the application, unless these say that they are there.
    private const string AuthenticationIsSet = "__AuthenticationMiddlewareSet";
    private const string AuthorizationIsSet = "__AuthorizationMiddlewareSet";

    /// <summary>Puts authentication and authorization before what follows.</summary>
    public static void Use(WebApplication application)
    {
        var policy = application.Services.GetRequiredService<IOptions<AuthorizationOptions>>().Value.FallbackPolicy;
        var known = new KnownCallers(application.Services.GetRequiredService<VerifiedTokens>(), ReferenceEquals(policy, AuthenticationExtensions.AnyCaller));
        var properties = ((IApplicationBuilder)application).Properties;
        properties[AuthenticationIsSet] = properties[AuthorizationIsSet] = true;
        application.UseWhen(context => !known.Admits(context), unknown => unknown.UseAuthentication().UseAuthorization());
    }

    private bool Admits(HttpContext context)
    {
        if (!tokenIsEnough || !AsksForATokenAlone(context.GetEndpoint()) || context.Request.Headers.Authorization is not [{ } header])
        {
            return false;
        }

        if (verified.Find(header) is not CallerPrincipal { MeetsPolicy: true } principal)
        {
            return false;
        }

        context.User = principal;
        return true;
    }

    // What an endpoint says of its own, be it more or less, is the framework's to read.
    private static bool AsksForATokenAlone(Endpoint? endpoint) =>
        endpoint is not null
        && endpoint.Metadata.GetMetadata<IAuthorizeData>() is null
        && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
        && endpoint.Metadata.GetMetadata<AuthorizationPolicy>() is null
        && endpoint.Metadata.GetMetadata<IAuthorizationRequirementData>() is null;
}
