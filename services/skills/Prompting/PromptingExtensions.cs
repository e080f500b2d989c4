using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Skills.Prompting;

internal static class PromptingExtensions
{
    /// <summary>Adds the rendering of prompts.</summary>
    public static IServiceCollection AddPrompting(this IServiceCollection services)
    {
        services.TryAddSingleton<ReadyPrompts>();
        services.TryAddSingleton<RenderPrompt>();
        return services;
    }
}
