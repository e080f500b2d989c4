using Mainstay.Orchestrator.Agents;
using Mainstay.Orchestrator.Approvals;
using Mainstay.Orchestrator.Engine;
using Mainstay.Orchestrator.Events;
using Mainstay.Orchestrator.Execution;
using Mainstay.Orchestrator.Grpc;
using Mainstay.Orchestrator.Tasks;
using Mainstay.Orchestrator.V1;
using Mainstay.ServiceDefaults.Hosting;
using Mainstay.ServiceDefaults.Outbox;
using Mainstay.ServiceDefaults.Postgres;

namespace Mainstay.Orchestrator;

/// <summary>The orchestrator: what it is made of.</summary>
internal static class OrchestratorApplication
{
    /// <summary>Builds the service, ready to run.</summary>
    public static WebApplication Build(string[] arguments)
    {
        var builder = MainstayApplication.CreateBuilder(arguments, "orchestrator", OrchestratorErrorReason.FieldInvalid)
            .AddPostgres(typeof(OrchestratorApplication).Assembly)
            .AddAuditOutbox()
            .AddPeers()
            .AddEngine();
        builder.Services
            .AddAgents()
            .AddTasks()
            .AddApprovals()
            .AddEvents()
            .AddExecution();

        var application = builder.Build().UseMainstayDefaults();
        application.MapGrpcService<AgentGrpcService>();
        application.MapGrpcService<TaskGrpcService>();
        return application;
    }
}
