using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Skills.Index;

internal static class IndexExtensions
{
    /// <summary>Adds what the registry keeps in memory.</summary>
    public static IServiceCollection AddIndex(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(CacheLimits.From(configuration));
        services.TryAddSingleton<Hearing>();
        services.TryAddSingleton<ReadEntry>();
        services.TryAddSingleton<SkillIndex>();
        services.TryAddSingleton<VersionContents>();
        return services;
    }
}
