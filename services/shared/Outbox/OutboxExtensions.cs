using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Mainstay.ServiceDefaults.Outbox;

/// <summary>Gives a service its outbox.</summary>
public static class OutboxExtensions
{
    /// <summary>Adds the outbox for audit events and the relay that publishes them; needs the service's database.</summary>
    public static WebApplicationBuilder AddAuditOutbox(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AuditOutbox>();
        builder.Services.AddSingleton(AuditExchange.Default);
        builder.Services.AddSingleton<PublishOutbox>();
        builder.Services.AddSingleton<OutboxTelemetry>();
        builder.Services.AddSingleton<RelayState>();
        builder.Services.AddHostedService<OutboxRelay>();
        builder.Services.AddHealthChecks().AddCheck<RelayHealthCheck>("rabbitmq");
        return builder;
    }
}
