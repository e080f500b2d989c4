using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.LlmGateway.Providers.Rehearsal;

internal static class RehearsalExtensions
{
    /// <summary>Adds the kind of provider that plays scripts.</summary>
    public static IServiceCollection AddRehearsal(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelProviderType, RehearsalProviderType>());
        return services;
    }
}
