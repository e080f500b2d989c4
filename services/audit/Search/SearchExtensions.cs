using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Audit.Search;

internal static class SearchExtensions
{
    /// <summary>Adds the reading of the trail.</summary>
    public static IServiceCollection AddSearch(this IServiceCollection services)
    {
        services.TryAddSingleton<GetEvent>();
        services.TryAddSingleton<SearchEvents>();
        return services;
    }
}
