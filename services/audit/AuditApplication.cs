using Mainstay.Audit.Grpc;
using Mainstay.Audit.Integrity;
using Mainstay.Audit.Recording;
using Mainstay.Audit.Search;
using Mainstay.Audit.Sinks;
using Mainstay.Audit.Sinks.Webhook;
using Mainstay.ServiceDefaults.Hosting;
using Mainstay.ServiceDefaults.Postgres;

namespace Mainstay.Audit;

/// <summary>The audit trail: what it is made of.</summary>
internal static class AuditApplication
{
    /// <summary>Builds the service, ready to run.</summary>
    public static WebApplication Build(string[] arguments)
    {
        var builder = MainstayApplication.CreateBuilder(arguments, "audit")
            .AddPostgres(typeof(AuditApplication).Assembly)
            .AddRecording()
            .AddSinks(new WebhookSinkType());
        builder.Services
            .AddIntegrity()
            .AddSearch();

        var application = builder.Build().UseMainstayDefaults();
        application.MapGrpcService<AuditGrpcService>();
        return application;
    }
}
