using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Exporter.Prometheus;
using OpenTelemetry.Metrics;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoint that Prometheus reads.</summary>
public static class PrometheusExporterEndpointRouteBuilderExtensions
{
    /// <summary>Maps it at the path that the options name.</summary>
    public static IEndpointConventionBuilder MapPrometheusScrapingEndpoint(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var options = endpoints.ServiceProvider.GetRequiredService<IOptions<PrometheusAspNetCoreOptions>>().Value;
        return endpoints.MapPrometheusScrapingEndpoint(options.ScrapeEndpointPath ?? "/metrics");
    }

    /// <summary>Maps it at a path.</summary>
    public static IEndpointConventionBuilder MapPrometheusScrapingEndpoint(this IEndpointRouteBuilder endpoints, string path)
    {
        ArgumentNullException.ThrowIfNull(endpoints);

        // The provider is made here: until then, its exporter has nothing to ask.
        endpoints.ServiceProvider.GetRequiredService<MeterProvider>();
        var exporter = endpoints.ServiceProvider.GetService<PrometheusExporter>()
            ?? throw new ArgumentException("A PrometheusExporter could not be found configured on the provided MeterProvider.");
        return endpoints.Map(RoutePatternFactory.Parse(path), context => AnswerAsync(context, exporter)).WithDisplayName("Prometheus metrics");
    }

    private static async Task AnswerAsync(HttpContext context, PrometheusExporter exporter)
    {
        var text = await exporter.ReadAsync(context.RequestAborted);
        if (text is null)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        context.Response.ContentType = "text/plain; charset=utf-8; version=0.0.4";
        context.Response.ContentLength = text.Length;
        await context.Response.Body.WriteAsync(text, context.RequestAborted);
    }
}
