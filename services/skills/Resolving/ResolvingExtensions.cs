using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Skills.Resolving;

internal static class ResolvingExtensions
{
    /// <summary>Adds the choice of the version that a reference means.</summary>
    public static IServiceCollection AddResolving(this IServiceCollection services)
    {
        services.TryAddSingleton<ResolveSkill>();
        return services;
    }
}
