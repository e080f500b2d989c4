using Mainstay.ServiceDefaults.Hosting;
using Mainstay.ServiceDefaults.Outbox;
using Mainstay.ServiceDefaults.Postgres;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.Grpc;
using Mainstay.Skills.Prompting;
using Mainstay.Skills.Publishing;
using Mainstay.Skills.Validating;

namespace Mainstay.Skills;

/// <summary>The skill registry: what it is made of.</summary>
internal static class SkillsApplication
{
    /// <summary>Builds the service, ready to run.</summary>
    public static WebApplication Build(string[] arguments)
    {
        var builder = MainstayApplication.CreateBuilder(arguments, "skills")
            .AddPostgres(typeof(SkillsApplication).Assembly)
            .AddAuditOutbox();
        builder.Services
            .AddPublishing()
            .AddCatalog()
            .AddPrompting()
            .AddValidating();

        var application = builder.Build().UseMainstayDefaults();
        application.MapGrpcService<SkillGrpcService>();
        return application;
    }
}
