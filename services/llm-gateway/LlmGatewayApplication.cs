using Mainstay.Llm.V1;
using Mainstay.LlmGateway.Completions;
using Mainstay.LlmGateway.Grpc;
using Mainstay.LlmGateway.Providers.OpenAi;
using Mainstay.LlmGateway.Providers.Rehearsal;
using Mainstay.LlmGateway.Routing;
using Mainstay.ServiceDefaults.Hosting;
using Mainstay.ServiceDefaults.Outbox;
using Mainstay.ServiceDefaults.Postgres;

namespace Mainstay.LlmGateway;

/// <summary>The LLM gateway: what it is made of.</summary>
internal static class LlmGatewayApplication
{
    /// <summary>Builds the service, ready to run.</summary>
    public static WebApplication Build(string[] arguments)
    {
        var builder = MainstayApplication.CreateBuilder(arguments, "llm-gateway", LlmErrorReason.FieldInvalid)
            .AddPostgres(typeof(LlmGatewayApplication).Assembly)
            .AddAuditOutbox()
            .AddRouting(new RehearsalProviderType(), new OpenAiProviderType())
            .AddCompletions();

        var application = builder.Build().UseMainstayDefaults();
        application.MapGrpcService<CompletionGrpcService>();
        return application;
    }
}
