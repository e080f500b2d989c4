using Microsoft.AspNetCore.Builder;

namespace Mainstay.ServiceDefaults.Hosting;

/// <summary>Which service a process is.</summary>
/// <param name="Name">The name in the configuration, for example "llm-gateway".</param>
/// <param name="Database">The name of its database, for example "llm".</param>
internal sealed record ServiceIdentity(string Name, string Database)
{
    public static ServiceIdentity Of(string name) => new(name, name switch
    {
        "llm-gateway" => "llm",
        "tool-gateway" => "tools",
        _ => name,
    });
}

/// <summary>What a process is started for.</summary>
/// <param name="MigrateOnly">To migrate its database and end, rather than to serve.</param>
internal sealed record RunMode(bool MigrateOnly);

internal static class ServiceIdentityExtensions
{
    public static ServiceIdentity GetService(this WebApplicationBuilder builder) =>
        (ServiceIdentity)builder.Services.Last(service => service.ServiceType == typeof(ServiceIdentity)).ImplementationInstance!;
}
