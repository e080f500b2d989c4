namespace Mainstay.LocalStack.Auth;

/// <summary>Whom a development token is for.</summary>
public sealed record TokenRequest
{
    public string Subject { get; init; } = "dev@mainstay.local";

    public string Team { get; init; } = "platform";

    public string Project { get; init; } = "demo";

    public string Scope { get; init; } = "skills:publish agents:register tasks:run tasks:approve audit:read";

    /// <summary><c>user</c>, <c>admin</c> or <c>service</c>; default user.</summary>
    public string Role { get; init; } = "user";

    /// <summary>How long the token is good; default 8 hours.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(8);
}
