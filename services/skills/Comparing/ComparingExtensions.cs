using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Skills.Comparing;

internal static class ComparingExtensions
{
    /// <summary>Adds the comparison of versions and of what they promise.</summary>
    public static IServiceCollection AddComparing(this IServiceCollection services)
    {
        services.TryAddSingleton<CompatibilityGate>();
        services.TryAddSingleton<CheckCompatibility>();
        services.TryAddSingleton<DiffVersions>();
        return services;
    }
}
