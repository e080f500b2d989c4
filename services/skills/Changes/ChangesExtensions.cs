using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Skills.Changes;

internal static class ChangesExtensions
{
    /// <summary>Adds the telling of changes.</summary>
    public static IServiceCollection AddChanges(this IServiceCollection services)
    {
        services.TryAddSingleton<RecordChange>();
        services.TryAddSingleton<ReadChanges>();
        services.TryAddSingleton<ChangeSignal>();
        services.TryAddSingleton<WatchSkills>();
        services.AddHostedService(provider => provider.GetRequiredService<ChangeSignal>());
        return services;
    }
}
