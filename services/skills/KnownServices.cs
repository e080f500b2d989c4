namespace Mainstay.Skills;

/// <summary>Says which other services the registry can call; it serves skills without any of them.</summary>
internal static class KnownServices
{
    /// <summary>Whether a service's address and this service's token are configured.</summary>
    public static bool Knows(this IConfiguration configuration, string service) =>
        configuration[$"services:{service}:grpc"] is { Length: > 0 } && configuration["auth:service_token_file"] is { Length: > 0 };
}
