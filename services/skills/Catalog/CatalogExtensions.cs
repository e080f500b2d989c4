using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Skills.Catalog;

internal static class CatalogExtensions
{
    /// <summary>Adds the reading of versions.</summary>
    public static IServiceCollection AddCatalog(this IServiceCollection services)
    {
        services.TryAddSingleton<GetSkill>();
        services.TryAddSingleton<ListSkills>();
        services.TryAddSingleton<ListVersions>();
        return services;
    }
}
