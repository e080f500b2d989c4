using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Skills.Archives;

internal static class ArchivesExtensions
{
    /// <summary>Adds the taking in and giving out of skills as folders.</summary>
    public static IServiceCollection AddArchives(this IServiceCollection services)
    {
        services.TryAddSingleton<ImportSkill>();
        services.TryAddSingleton<ExportSkill>();
        return services;
    }
}
