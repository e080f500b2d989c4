using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.LlmGateway.Completions;

internal static class CompletionsExtensions
{
    /// <summary>Adds the asking of models, with its accounts.</summary>
    public static IServiceCollection AddCompletions(this IServiceCollection services)
    {
        services.TryAddSingleton<CompletionStore>();
        services.TryAddSingleton<RunningCompletions>();
        services.TryAddSingleton<CompleteInput>();
        services.AddHostedService(provider => provider.GetRequiredService<RunningCompletions>());
        return services;
    }
}
