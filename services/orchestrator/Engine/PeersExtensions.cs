using Mainstay.Llm.V1;
using Mainstay.ServiceDefaults.Clients;
using Mainstay.Skills.V1;
using Mainstay.Tools.V1;

namespace Mainstay.Orchestrator.Engine;

internal static class PeersExtensions
{
    /// <summary>Adds the clients of the services whose work a run is made of.</summary>
    public static WebApplicationBuilder AddPeers(this WebApplicationBuilder builder) => builder
        .AddServiceClient<SkillService.SkillServiceClient>("skills")
        .AddServiceClient<CompletionService.CompletionServiceClient>("llm-gateway")
        .AddServiceClient<ToolService.ToolServiceClient>("tool-gateway");
}
