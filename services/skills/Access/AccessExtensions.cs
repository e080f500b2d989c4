using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Skills.Access;

internal static class AccessExtensions
{
    /// <summary>Adds the saying of who may see what.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.TryAddSingleton<SetVisibility>();
        return services;
    }
}
