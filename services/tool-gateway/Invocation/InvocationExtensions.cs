using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.ToolGateway.Invocation;

internal static class InvocationExtensions
{
    /// <summary>Adds the calling of tools.</summary>
    public static IServiceCollection AddInvocation(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(IdempotencySettings.Read(configuration));
        services.TryAddSingleton<InvocationStore>();
        services.TryAddSingleton<BeginCall>();
        services.TryAddSingleton<AskServer>();
        services.TryAddSingleton<KeyLease>();
        services.TryAddSingleton<MakeCall>();
        services.TryAddSingleton<RunningCalls>();
        services.TryAddSingleton<CallTool>();
        services.TryAddSingleton<ForgetInvocations>();
        services.AddHostedService(provider => provider.GetRequiredService<RunningCalls>());
        services.AddHostedService(provider => provider.GetRequiredService<ForgetInvocations>());
        return services;
    }
}
