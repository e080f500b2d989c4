using Mainstay.Audit.DeadLetters;
using Mainstay.Audit.Export;
using Mainstay.Audit.Grpc;
using Mainstay.Audit.Integrity;
using Mainstay.Audit.Recording;
using Mainstay.Audit.Search;
using Mainstay.Audit.Sinks;
using Mainstay.Audit.Sinks.Amqp;
using Mainstay.Audit.Sinks.CloudWatch;
using Mainstay.Audit.Sinks.Datadog;
using Mainstay.Audit.Sinks.Files;
using Mainstay.Audit.Sinks.Otlp;
using Mainstay.Audit.Sinks.Splunk;
using Mainstay.Audit.Sinks.Webhook;
using Mainstay.Audit.V1;
using Mainstay.ServiceDefaults.Hosting;
using Mainstay.ServiceDefaults.Outbox;
using Mainstay.ServiceDefaults.Postgres;

namespace Mainstay.Audit;

/// <summary>The audit trail: what it is made of.</summary>
internal static class AuditApplication
{
    /// <summary>The kinds of sinks; a new one is a folder under <c>Sinks</c> and a line here.</summary>
    public static IReadOnlyList<ISinkType> SinkTypes { get; } =
    [
        new AmqpSinkType(),
        new CloudWatchSinkType(),
        new DatadogSinkType(),
        new FileSinkType(),
        new OtlpSinkType(),
        new SplunkSinkType(),
        new WebhookSinkType(),
    ];

    /// <summary>Builds the service, ready to run.</summary>
    public static WebApplication Build(string[] arguments)
    {
        var builder = MainstayApplication.CreateBuilder(arguments, "audit", AuditErrorReason.FieldInvalid)
            .AddPostgres(typeof(AuditApplication).Assembly)
            .AddIntegrity()
            .AddRecording()
            .AddAuditOutbox()
            .AddSinks(SinkTypes);
        builder.Services
            .AddDeadLetters()
            .AddExport()
            .AddSearch();

        var application = builder.Build().UseMainstayDefaults();
        application.MapGrpcService<AuditGrpcService>();
        application.MapGrpcService<SinkGrpcService>();
        return application;
    }
}
