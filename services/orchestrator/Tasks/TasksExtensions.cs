using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Orchestrator.Tasks;

internal static class TasksExtensions
{
    /// <summary>Adds starting, reading and steering of tasks.</summary>
    public static IServiceCollection AddTasks(this IServiceCollection services)
    {
        services.TryAddSingleton<HandOver>();
        services.TryAddSingleton<StartTask>();
        services.TryAddSingleton<GetTask>();
        services.TryAddSingleton<ListTasks>();
        services.TryAddSingleton<SteerTask>();
        services.AddHostedService<HandOverWaitingTasks>();
        return services;
    }
}
