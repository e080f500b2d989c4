using Google.Protobuf;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Access;
using Mainstay.Skills.Aliases;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.Comparing;
using Mainstay.Skills.Lifecycle;
using Mainstay.Skills.Prompting;
using Mainstay.Skills.Publishing;
using Mainstay.Skills.Resolving;
using Mainstay.Skills.Testing;
using Mainstay.Skills.V1;
using Mainstay.Skills.Validating;

namespace Mainstay.Skills.Rest;

/// <summary>The registry over plain HTTP, for those who have no gRPC: every rpc.</summary>
internal static class SkillRest
{
    private const string Skill = "/v1/skills/{skill_name}";
    private const string Version = Skill + "/versions/{version}";

    /// <summary>Maps each rpc to a path under <c>/v1/skills</c>.</summary>
    public static void MapSkillRest(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapCatalog();
        endpoints.MapChanges();
        endpoints.MapPost(Version + "/render", RestCall.Of<RenderPromptRequest>(async (services, request, caller, token) =>
            await services.GetRequiredService<RenderPrompt>().ExecuteAsync(request, caller, token)));
        endpoints.MapPost(Version + "/validate", RestCall.Of<ValidateOutputRequest>(async (services, request, caller, token) =>
            await services.GetRequiredService<ValidateOutput>().ExecuteAsync(request, caller, token)));
        endpoints.MapPost(Version + "/test", RestCall.Of<TestSkillRequest>(async (services, request, caller, token) =>
            await services.GetRequiredService<TestSkill>().ExecuteAsync(request, caller, token)));
        endpoints.MapGet("/v1/skills:watch", RestWatch.WatchAsync);
        endpoints.MapPost("/v1/skills:import", RestArchives.ImportAsync);
        endpoints.MapGet(Version + "/archive", RestArchives.ExportAsync);
    }

    private static void MapCatalog(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/v1/skills", RestCall.Of<ListSkillsRequest>(async (services, request, caller, token) =>
            await services.GetRequiredService<ListSkills>().ExecuteAsync(request, caller, token)));
        endpoints.MapGet(Skill, RestCall.Of<GetSkillRequest>(GetAsync));
        endpoints.MapGet(Version, RestCall.Of<GetSkillRequest>(GetAsync));
        endpoints.MapGet(Skill + "/versions", RestCall.Of<ListVersionsRequest>(async (services, request, caller, token) =>
            await services.GetRequiredService<ListVersions>().ExecuteAsync(request, caller, token)));
        endpoints.MapGet(Skill + "/resolve", RestCall.Of<ResolveSkillRequest>(async (services, request, caller, token) =>
            await services.GetRequiredService<ResolveSkill>().ExecuteAsync(request, caller, token)));
        endpoints.MapGet(Skill + "/diff", RestCall.Of<DiffVersionsRequest>(async (services, request, caller, token) =>
            await services.GetRequiredService<DiffVersions>().ExecuteAsync(request, caller, token)));
        endpoints.MapPost(Skill + "/compatibility", RestCall.Of<CheckCompatibilityRequest>(async (services, request, caller, token) =>
            await services.GetRequiredService<CheckCompatibility>().ExecuteAsync(request, caller, token)));
        endpoints.MapGet(Skill + "/aliases", RestCall.Of<ListAliasesRequest>(async (services, request, caller, token) =>
            await services.GetRequiredService<ListAliases>().ExecuteAsync(request, caller, token)));
        endpoints.MapGet(Skill + "/alias-moves", RestCall.Of<ListAliasMovesRequest>(async (services, request, caller, token) =>
            await services.GetRequiredService<ListAliasMoves>().ExecuteAsync(request, caller, token)));
    }

    private static void MapChanges(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/v1/skills", RestCall.Of<RegisterSkillRequest>(async (services, request, caller, token) =>
            await services.GetRequiredService<RegisterSkill>().ExecuteAsync(request, caller, token)));
        endpoints.MapPost(Version + "/publish", RestCall.Of<PublishSkillRequest>(async (services, request, caller, token) =>
            await services.GetRequiredService<PublishSkill>().ExecuteAsync(request, caller, token)));
        endpoints.MapPost(Version + "/deprecate", RestCall.Of<DeprecateSkillRequest>(async (services, request, caller, token) =>
            new DeprecateSkillResponse { Skill = await services.GetRequiredService<DeprecateSkill>().ExecuteAsync(request, caller, token) }));
        endpoints.MapPost(Version + "/withdraw", RestCall.Of<WithdrawSkillRequest>(async (services, request, caller, token) =>
            new WithdrawSkillResponse { Skill = await services.GetRequiredService<WithdrawSkill>().ExecuteAsync(request, caller, token) }));
        endpoints.MapPut(Skill + "/visibility", RestCall.Of<SetVisibilityRequest>(async (services, request, caller, token) =>
            new SetVisibilityResponse { Visibility = await services.GetRequiredService<SetVisibility>().ExecuteAsync(request, caller, token) }));
        endpoints.MapPut(Skill + "/aliases/{alias}", RestCall.Of<SetAliasRequest>(async (services, request, caller, token) =>
            new SetAliasResponse { Alias = await services.GetRequiredService<SetAlias>().ExecuteAsync(request, caller, token) }));
    }

    private static async Task<IMessage> GetAsync(IServiceProvider services, GetSkillRequest request, CallerContext caller, CancellationToken cancellationToken) =>
        new GetSkillResponse { Skill = await services.GetRequiredService<GetSkill>().ExecuteAsync(request.SkillName, request.Version, caller, cancellationToken) };
}
