using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.ToolGateway.Permissions;

internal static class PermissionsExtensions
{
    /// <summary>Adds the rules of the three levels and the decisions by them.</summary>
    public static IServiceCollection AddPermissions(this IServiceCollection services)
    {
        services.TryAddSingleton<PolicyReader>();
        services.TryAddSingleton<CheckPermission>();
        services.TryAddSingleton<SetPermissionRules>();
        return services;
    }
}
