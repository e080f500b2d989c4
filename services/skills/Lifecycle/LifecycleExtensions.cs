using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Skills.Lifecycle;

internal static class LifecycleExtensions
{
    /// <summary>Adds the steps from draft to withdrawn.</summary>
    public static IServiceCollection AddLifecycle(this IServiceCollection services)
    {
        services.TryAddSingleton<ChangeState>();
        services.TryAddSingleton<PublishSkill>();
        services.TryAddSingleton<DeprecateSkill>();
        services.TryAddSingleton<WithdrawSkill>();
        return services;
    }
}
