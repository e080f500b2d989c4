using Mainstay.Audit.Sinks.Control;
using Mainstay.Audit.Sinks.Delivering;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.Audit.Sinks;

internal static class SinksExtensions
{
    /// <summary>Adds the sinks of <c>audit.sinks</c> and their control; a bad entry stops the service at start.</summary>
    public static WebApplicationBuilder AddSinks(this WebApplicationBuilder builder, IReadOnlyList<ISinkType> types)
    {
        var sinks = ReadSinks.From(builder.Configuration, types);
        builder.Services.AddSingleton(services =>
            new SinkSet([.. sinks.Select(make => make(services.GetRequiredService<TimeProvider>()))]));
        builder.Services.TryAddSingleton<SinkStore>();
        builder.Services.TryAddSingleton<SinkHolds>();
        builder.Services.TryAddSingleton<SinkRetention>();
        builder.Services.TryAddSingleton<SinkTelemetry>();
        builder.Services.AddHostedService<ForwardEvents>();
        builder.Services.AddHostedService<MeasureSinks>();
        builder.Services.AddSinkControl();
        return builder;
    }
}
