using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Orchestrator.Approvals;

internal static class ApprovalsExtensions
{
    /// <summary>Adds the deciding about tool calls.</summary>
    public static IServiceCollection AddApprovals(this IServiceCollection services)
    {
        services.TryAddSingleton<DecideToolCall>();
        return services;
    }
}
