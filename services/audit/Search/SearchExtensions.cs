using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Audit.Search;

internal static class SearchExtensions
{
    /// <summary>Adds the reading of the trail.</summary>
    public static IServiceCollection AddSearch(this IServiceCollection services)
    {
        services.TryAddSingleton<AggregateEvents>();
        services.TryAddSingleton<GetEvent>();
        services.TryAddSingleton<RecordReading>();
        services.TryAddSingleton<SearchEvents>();
        services.TryAddSingleton<TailEvents>();
        services.TryAddSingleton<TrailSignal>();
        services.AddHostedService(provider => provider.GetRequiredService<TrailSignal>());
        return services;
    }
}
