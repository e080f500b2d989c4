using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Orchestrator.Execution;

internal static class ExecutionExtensions
{
    /// <summary>Adds what runs are made of; the worker itself comes with the engine.</summary>
    public static IServiceCollection AddExecution(this IServiceCollection services)
    {
        services.TryAddSingleton<RunStore>();
        services.TryAddSingleton<RunRecorder>();
        services.TryAddSingleton<ToolCatalogue>();
        return services;
    }
}
