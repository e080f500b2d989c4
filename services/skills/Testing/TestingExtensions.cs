using Mainstay.Llm.V1;
using Mainstay.ServiceDefaults.Clients;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Skills.Testing;

internal static class TestingExtensions
{
    /// <summary>Adds the testing of versions by their examples; without an LLM gateway it refuses.</summary>
    public static WebApplicationBuilder AddTesting(this WebApplicationBuilder builder)
    {
        if (builder.Configuration.Knows("llm-gateway"))
        {
            builder.AddServiceClient<CompletionService.CompletionServiceClient>("llm-gateway");
            builder.Services.TryAddSingleton<AskModel>();
            builder.Services.TryAddSingleton<RunExample>();
        }

        builder.Services.TryAddSingleton<TestSkill>();
        return builder;
    }
}
