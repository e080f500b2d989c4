using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Audit.Export;

internal static class ExportExtensions
{
    /// <summary>Adds the export of the trail.</summary>
    public static IServiceCollection AddExport(this IServiceCollection services)
    {
        services.TryAddSingleton<ExportEvents>();
        return services;
    }
}
