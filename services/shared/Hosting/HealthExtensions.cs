using Mainstay.ServiceDefaults.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mainstay.ServiceDefaults.Hosting;

internal static class HealthExtensions
{
    // Whoever watches over gRPC hears of a change within this time.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>Adds health over gRPC and HTTP: ready is what the service's checks say, and not any more once it drains.</summary>
    public static void AddMainstayHealth(this WebApplicationBuilder builder)
    {
        var notice = builder.Configuration.Duration("grpc:drain_notice", TimeSpan.Zero);
        builder.Services.AddSingleton(new DrainNotice(notice));
        builder.Services.AddHostedService<Draining>();
        builder.Services.AddGrpcHealthChecks().AddCheck<DrainingHealthCheck>("draining");
        builder.Services.Configure<HealthCheckPublisherOptions>(options => (options.Delay, options.Period) = (Period, Period));
    }

    /// <summary>Maps health, which needs no token.</summary>
    public static void MapMainstayHealth(this WebApplication application)
    {
        application.MapGrpcHealthChecksService().AllowAnonymous();
        application.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        application.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteAsync }).AllowAnonymous();
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new
        {
            status = Name(report.Status),
            checks = report.Entries.ToDictionary(entry => entry.Key, entry => new { status = Name(entry.Value.Status), description = entry.Value.Description }),
        },
        context.RequestAborted);

    private static string Name(HealthStatus status) => status.ToString().ToLowerInvariant();
}
