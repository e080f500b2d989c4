using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Orchestrator.Agents;

internal static class AgentsExtensions
{
    /// <summary>Adds the keeping of agents.</summary>
    public static IServiceCollection AddAgents(this IServiceCollection services)
    {
        services.TryAddSingleton<RegisterAgent>();
        services.TryAddSingleton<GetAgent>();
        services.TryAddSingleton<ListAgents>();
        return services;
    }
}
