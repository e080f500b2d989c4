using System.Net;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Configuration;
using Mainstay.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mainstay.ServiceDefaults.Hosting;

/// <summary>Makes a service's application with all that every service has.</summary>
public static class MainstayApplication
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(20);

    /// <summary>
    /// A builder with configuration, listening addresses, logs, authentication, error mapping, health and reflection.
    /// Throws <see cref="MainstayConfigurationException"/> when the configuration is not valid.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder(string[] args, string service)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args });
        MainstayConfiguration.Load(builder.Configuration, args);
        builder.Services.AddSingleton(ServiceIdentity.Of(service));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = DrainTime);

        AddLogs(builder);
        AddEndpoints(builder, service);
        builder.AddMainstayAuthentication();
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = builder.Configuration["grpc:max_message_bytes"] is { Length: > 0 }
                ? builder.Configuration.RequiredNumber("grpc:max_message_bytes")
                : 4 * 1024 * 1024;
            options.Interceptors.Add<ErrorInterceptor>();
        });
        builder.Services.AddGrpcReflection();
        builder.Services.AddGrpcHealthChecks();
        return builder;
    }

    /// <summary>Maps what every service answers: health, without a token, and reflection, without one unless it is shut.</summary>
    public static WebApplication UseMainstayDefaults(this WebApplication application)
    {
        application.UseAuthentication();
        application.UseAuthorization();
        application.MapGrpcHealthChecksService().AllowAnonymous();
        if (application.Configuration.GetValue("grpc:reflection", true))
        {
            application.MapGrpcReflectionService().AllowAnonymous();
        }

        application.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        application.MapHealthChecks("/health/ready").AllowAnonymous();
        return application;
    }

    private static void AddLogs(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddJsonConsole(options =>
        {
            options.IncludeScopes = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
        builder.Logging.Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
    }

    private static void AddEndpoints(WebApplicationBuilder builder, string service)
    {
        var host = builder.Configuration.Required($"services:{service}:host");
        var address = IPAddress.TryParse(host, out var parsed)
            ? parsed
            : throw new MainstayConfigurationException($"'services:{service}:host' must be an address to listen on, such as 127.0.0.1 or 0.0.0.0, not '{host}'.");
        var grpc = builder.Configuration.RequiredNumber($"services:{service}:grpc");
        var http = builder.Configuration.RequiredNumber($"services:{service}:http");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
            kestrel.Listen(address, grpc, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(address, http, listen => listen.Protocols = HttpProtocols.Http1);
        });
    }
}
