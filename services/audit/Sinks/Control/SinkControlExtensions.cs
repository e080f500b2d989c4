using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Audit.Sinks.Control;

internal static class SinkControlExtensions
{
    /// <summary>Adds what administrators do with sinks.</summary>
    public static IServiceCollection AddSinkControl(this IServiceCollection services)
    {
        services.TryAddSingleton<HoldSink>();
        services.TryAddSingleton<ListSinkDeadLetters>();
        services.TryAddSingleton<ListSinks>();
        services.TryAddSingleton<ReplaySink>();
        services.TryAddSingleton<RetrySinkDeadLetters>();
        services.TryAddSingleton<TestSink>();
        return services;
    }
}
