using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Audit.Integrity;

internal static class IntegrityExtensions
{
    /// <summary>Adds the verification of the chain.</summary>
    public static IServiceCollection AddIntegrity(this IServiceCollection services)
    {
        services.TryAddSingleton<VerifyChain>();
        return services;
    }
}
