using System.Globalization;
using System.Reflection;
using Mainstay.ServiceDefaults.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Mainstay.ServiceDefaults.Telemetry;

internal static class TelemetryExtensions
{
    // What code under these names records is exported; a service needs no word of OpenTelemetry's own.
    private static readonly string[] Sources = ["Mainstay.*", "Microsoft.AspNetCore", "Npgsql", "Temporalio.*"];
    private static readonly string[] Meters = ["Mainstay.*", "Npgsql", "System.Runtime", "Temporalio.*"];

    /// <summary>Offers metrics at /metrics, and sends metrics and traces to <c>telemetry.otlp_endpoint</c> where one is set.</summary>
    public static void AddMainstayTelemetry(this WebApplicationBuilder builder, string service)
    {
        var collector = Collector.Of(builder.Configuration);
        var ratio = TraceRatio(builder.Configuration);
        var interval = builder.Configuration.Duration("telemetry:metric_interval", TimeSpan.FromMinutes(1));
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                service, "mainstay", Assembly.GetEntryAssembly()?.GetName().Version?.ToString(), serviceInstanceId: Guid.NewGuid().ToString()))
            .WithTracing(tracing =>
            {
                tracing.AddSource(Sources).SetSampler(new ParentBasedSampler(new RequestSampler(ratio)));
                if (collector is not null)
                {
                    tracing.AddOtlpExporter(options => collector.Configure(options, "v1/traces"));
                }
            })
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Meters).AddPrometheusExporter();
                if (collector is not null)
                {
                    metrics.AddOtlpExporter((options, reader) =>
                    {
                        collector.Configure(options, "v1/metrics");
                        reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)interval.TotalMilliseconds;
                    });
                }
            });
    }

    private static double TraceRatio(IConfiguration configuration) => configuration["telemetry:trace_ratio"] switch
    {
        null or "" => 1,
        var text when double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1 => ratio,
        var text => throw new MainstayConfigurationException($"'telemetry:trace_ratio' must be a number from 0 to 1, not '{text}'."),
    };

    /// <summary>Where telemetry goes over OTLP.</summary>
    private sealed record Collector(Uri Endpoint, string? Headers)
    {
        public static Collector? Of(IConfiguration configuration) => configuration["telemetry:otlp_endpoint"] switch
        {
            null or "" => null,
            var text when Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https" =>
                new Collector(endpoint, configuration["telemetry:otlp_headers"]),
            var text => throw new MainstayConfigurationException($"'telemetry:otlp_endpoint' must be an address such as http://127.0.0.1:4318, not '{text}'."),
        };

        public void Configure(OtlpExporterOptions options, string path)
        {
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
            options.Endpoint = new Uri(Endpoint, path);
            options.Headers = Headers;
        }
    }
}
