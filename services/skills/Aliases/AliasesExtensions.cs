using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Skills.Aliases;

internal static class AliasesExtensions
{
    /// <summary>Adds the names that point at versions.</summary>
    public static IServiceCollection AddAliases(this IServiceCollection services)
    {
        services.TryAddSingleton<SetAlias>();
        services.TryAddSingleton<ListAliases>();
        services.TryAddSingleton<ListAliasMoves>();
        return services;
    }
}
