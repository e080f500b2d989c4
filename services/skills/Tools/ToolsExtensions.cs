using Mainstay.ServiceDefaults.Clients;
using Mainstay.Tools.V1;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Skills.Tools;

internal static class ToolsExtensions
{
    /// <summary>Adds the check of a version's tools; without a tool gateway it lets every well-formed name pass.</summary>
    public static WebApplicationBuilder AddToolChecks(this WebApplicationBuilder builder)
    {
        if (builder.Configuration.Knows("tool-gateway"))
        {
            builder.AddServiceClient<ToolService.ToolServiceClient>("tool-gateway");
            builder.Services.TryAddSingleton<OfferedTools>();
        }

        builder.Services.TryAddSingleton<CheckTools>();
        return builder;
    }
}
