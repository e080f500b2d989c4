using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Skills.Publishing;

internal static class PublishingExtensions
{
    /// <summary>Adds the publishing of versions.</summary>
    public static IServiceCollection AddPublishing(this IServiceCollection services)
    {
        services.TryAddSingleton<RegisterSkill>();
        return services;
    }
}
