using System.Security.Claims;

namespace Mainstay.ServiceDefaults.Authentication;

/// <summary>Whom a verified token is of, with what its claims say read once.</summary>
internal sealed class CallerPrincipal(ClaimsPrincipal principal) : ClaimsPrincipal(principal)
{
    /// <summary>The caller as its token alone says it.</summary>
    public CallerContext Caller { get; } = CallerContext.Of(principal);

    /// <summary>Whether <see cref="AuthenticationExtensions.AnyCaller"/> lets it pass.</summary>
    public bool MeetsPolicy { get; } =
        principal.Identities.Any(identity => identity.IsAuthenticated) && AuthenticationExtensions.NamesSubject(principal);
}
