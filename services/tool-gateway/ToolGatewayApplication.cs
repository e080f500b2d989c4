using Mainstay.ServiceDefaults.Configuration;
using Mainstay.ServiceDefaults.Hosting;
using Mainstay.ServiceDefaults.Outbox;
using Mainstay.ServiceDefaults.Postgres;
using Mainstay.ToolGateway.Connectors;
using Mainstay.ToolGateway.Grpc;
using Mainstay.ToolGateway.Invocation;
using Mainstay.ToolGateway.Permissions;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway;

/// <summary>The tool gateway: what it is made of.</summary>
internal static class ToolGatewayApplication
{
    /// <summary>Builds the service, ready to run.</summary>
    public static WebApplication Build(string[] arguments)
    {
        var builder = MainstayApplication.CreateBuilder(arguments, "tool-gateway", ToolErrorReason.FieldInvalid)
            .AddPostgres(typeof(ToolGatewayApplication).Assembly)
            .AddAuditOutbox();
        builder.Configuration.GetSection("tools").RefuseOthers(["connectors", "idempotency"]);
        builder.Services
            .AddConnectors(builder.Configuration)
            .AddPermissions()
            .AddInvocation(builder.Configuration);

        var application = builder.Build().UseMainstayDefaults();
        application.MapGrpcService<ToolGrpcService>();
        return application;
    }
}
