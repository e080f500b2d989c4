using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.ToolGateway.Connectors;

internal static class ConnectorsExtensions
{
    /// <summary>Adds the MCP servers of <c>tools.connectors</c>; each is started when it is first needed.</summary>
    public static IServiceCollection AddConnectors(this IServiceCollection services, IConfiguration configuration)
    {
        var connectors = ConnectorConfiguration.Read(configuration);

        // The library writes down what servers say, secrets included; what matters of it stands in this service's own entries.
        services.AddLogging(logging => logging.AddFilter("ModelContextProtocol", LogLevel.None));
        services.TryAddSingleton(provider => new ConnectorRegistry(
            connectors, provider.GetRequiredService<ILoggerFactory>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ListTools>();
        return services;
    }
}
