using System.Security.Claims;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Mainstay.ServiceDefaults.Authentication;

/// <summary>Who calls, and for whom.</summary>
/// <param name="Subject">The caller, as the token's issuer names it.</param>
/// <param name="Team">The team it acts in; empty when none.</param>
/// <param name="Project">The project it acts in; empty when none.</param>
/// <param name="RbacScope">The scopes it holds, separated by spaces.</param>
/// <param name="Role">"user", "admin" or "service".</param>
/// <param name="OnBehalfOf">The user a service acts for; empty when it acts for itself.</param>
public sealed record CallerContext(string Subject, string Team, string Project, string RbacScope, string Role, string OnBehalfOf)
{
    /// <summary>Whether the caller is one of Mainstay's own services.</summary>
    public bool IsService => Role == "service";

    /// <summary>Whether the caller administers the installation.</summary>
    public bool IsAdmin => Role == "admin";

    /// <summary>The user on whose account the call is: the one acted for, else the caller.</summary>
    public string Principal => OnBehalfOf.Length > 0 ? OnBehalfOf : Subject;

    /// <summary>Whether the caller holds a scope; the empty scope is everybody's.</summary>
    public bool HasScope(string scope) => scope.Length == 0 || IsAdmin || RbacScope.Split(' ').Contains(scope, StringComparer.Ordinal);

    /// <summary>The caller as its token alone says it.</summary>
    internal static CallerContext Of(ClaimsPrincipal principal)
    {
        string Claim(string type) => principal.FindFirst(type)?.Value ?? "";
        return new CallerContext(Claim("sub"), Claim("team"), Claim("project"), Claim("rbac_scope"), Claim("role") is { Length: > 0 } role ? role : "user", "");
    }

    internal static CallerContext From(HttpContext http)
    {
        var caller = http.User is CallerPrincipal { Caller: { } known } ? known : Of(http.User);
        string Header(string name) => Uri.UnescapeDataString(http.Request.Headers[name].ToString());

        // Only a service speaks for another; from anybody else these headers mean nothing.
        return caller.IsService && Header(CallerMetadata.OnBehalfOf) is { Length: > 0 } user
            ? caller with
            {
                OnBehalfOf = user,
                Team = Header(CallerMetadata.Team),
                Project = Header(CallerMetadata.Project),
                RbacScope = Header(CallerMetadata.RbacScope),
            }
            : caller;
    }
}

/// <summary>The metadata by which a service says for whom it calls; values are percent-encoded, as metadata is ASCII and names need not be.</summary>
public static class CallerMetadata
{
    /// <summary>The user.</summary>
    public const string OnBehalfOf = "mainstay-on-behalf-of";

    /// <summary>The user's team.</summary>
    public const string Team = "mainstay-team";

    /// <summary>The user's project.</summary>
    public const string Project = "mainstay-project";

    /// <summary>The user's scopes.</summary>
    public const string RbacScope = "mainstay-rbac-scope";

    /// <summary>The metadata of a call on a user's account.</summary>
    public static Metadata ActingFor(string user, string team, string project, string rbacScope) => new()
    {
        { OnBehalfOf, Uri.EscapeDataString(user) },
        { Team, Uri.EscapeDataString(team) },
        { Project, Uri.EscapeDataString(project) },
        { RbacScope, Uri.EscapeDataString(rbacScope) },
    };

    /// <summary>The metadata of a call on the account of whoever called.</summary>
    public static Metadata ActingFor(CallerContext caller) => ActingFor(caller.Principal, caller.Team, caller.Project, caller.RbacScope);
}

/// <summary>Reads the caller of a call.</summary>
public static class CallerContextExtensions
{
    /// <summary>Who calls, and for whom.</summary>
    public static CallerContext GetCaller(this ServerCallContext context) => CallerContext.From(context.GetHttpContext());

    /// <summary>Who calls by plain HTTP, and for whom: by headers of the same names.</summary>
    public static CallerContext GetCaller(this HttpContext context) => CallerContext.From(context);
}
