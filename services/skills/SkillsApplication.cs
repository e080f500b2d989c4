using Mainstay.ServiceDefaults.Hosting;
using Mainstay.ServiceDefaults.Outbox;
using Mainstay.ServiceDefaults.Postgres;
using Mainstay.Skills.Access;
using Mainstay.Skills.Aliases;
using Mainstay.Skills.Archives;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.Changes;
using Mainstay.Skills.Comparing;
using Mainstay.Skills.Grpc;
using Mainstay.Skills.Index;
using Mainstay.Skills.Lifecycle;
using Mainstay.Skills.Prompting;
using Mainstay.Skills.Publishing;
using Mainstay.Skills.Resolving;
using Mainstay.Skills.Rest;
using Mainstay.Skills.Testing;
using Mainstay.Skills.Tools;
using Mainstay.Skills.V1;
using Mainstay.Skills.Validating;

namespace Mainstay.Skills;

/// <summary>The skill registry: what it is made of.</summary>
internal static class SkillsApplication
{
    /// <summary>Builds the service, ready to run.</summary>
    public static WebApplication Build(string[] arguments)
    {
        var builder = MainstayApplication.CreateBuilder(arguments, "skills", SkillErrorReason.FieldInvalid)
            .AddPostgres(typeof(SkillsApplication).Assembly)
            .AddAuditOutbox()
            .AddToolChecks()
            .AddTesting();
        builder.Services.AddSingleton(SkillsPolicy.From(builder.Configuration));
        builder.Services
            .AddIndex(builder.Configuration)
            .AddPublishing()
            .AddArchives()
            .AddLifecycle()
            .AddAccess()
            .AddAliases()
            .AddResolving()
            .AddCatalog()
            .AddComparing()
            .AddChanges()
            .AddPrompting()
            .AddValidating()
            .AddSingleton<SkillGrpcService>();

        var application = builder.Build().UseMainstayDefaults();
        application.MapGrpcService<SkillGrpcService>();
        application.MapSkillRest();
        return application;
    }
}
