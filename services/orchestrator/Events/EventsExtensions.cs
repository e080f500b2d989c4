using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Orchestrator.Events;

internal static class EventsExtensions
{
    /// <summary>Adds the events of tasks and the watching of them.</summary>
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.TryAddSingleton<TaskEventLog>();
        services.TryAddSingleton<TaskEventFeed>();
        services.TryAddSingleton<WatchTask>();
        services.AddHostedService(provider => provider.GetRequiredService<TaskEventFeed>());
        return services;
    }
}
