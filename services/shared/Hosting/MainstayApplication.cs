using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Configuration;
using Mainstay.ServiceDefaults.Errors;
using Mainstay.ServiceDefaults.Requests;
using Mainstay.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Mainstay.ServiceDefaults.Hosting;

/// <summary>Makes a service's application with all that every service has.</summary>
public static class MainstayApplication
{
    private const string MigrateOnly = "--migrate-only";

    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(20);

    /// <summary>
    /// A builder with configuration, listening addresses, logs, telemetry, authentication, error mapping, health and reflection.
    /// <c>--migrate-only</c> among the arguments makes <see cref="MainstayRunner"/> migrate the database and end.
    /// Throws <see cref="MainstayConfigurationException"/> when the configuration is not valid. <paramref name="fieldInvalid"/> is the reason under which the
    /// service's context refuses a field, also those whose values no proto allows.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder(string[] args, string service, Enum fieldInvalid)
    {
        var builder = WebApplication.CreateSlimBuilder();
        MainstayConfiguration.Load(builder.Configuration, [.. args.Where(argument => argument != MigrateOnly)]);
        builder.Services.AddSingleton(ServiceIdentity.Of(service));
        builder.Services.AddSingleton(new RunMode(MigrateOnly: args.Contains(MigrateOnly)));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = DrainTime);

        builder.AddMainstayLogs();
        builder.AddListeningAddresses(service);
        builder.AddMainstayTelemetry(service);
        builder.AddMainstayAuthentication();
        builder.Services.AddSingleton(new FieldInvalid(fieldInvalid)).AddSingleton<ErrorInterceptor>().AddSingleton<RequestInterceptor>();
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = builder.Configuration["grpc:max_message_bytes"] is { Length: > 0 }
                ? builder.Configuration.RequiredNumber("grpc:max_message_bytes")
                : 4 * 1024 * 1024;
            options.Interceptors.Add<ErrorInterceptor>();
            options.Interceptors.Add<RequestInterceptor>();
        });
        builder.Services.AddGrpcReflection();
        builder.AddMainstayHealth();
        return builder;
    }

    /// <summary>Maps what every service answers: health and metrics, without a token, and reflection, without one unless it is shut.</summary>
    public static WebApplication UseMainstayDefaults(this WebApplication application)
    {
        application.UseMiddleware<RpcServerTelemetry>();
        KnownCallers.Use(application);
        application.MapMainstayHealth();
        application.MapPrometheusScrapingEndpoint().AllowAnonymous();
        if (application.Configuration.GetValue("grpc:reflection", true))
        {
            application.MapGrpcReflectionService().AllowAnonymous();
        }

        return application;
    }
}
