using Grpc.Core;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Access;
using Mainstay.Skills.Aliases;
using Mainstay.Skills.Archives;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.Changes;
using Mainstay.Skills.Comparing;
using Mainstay.Skills.Index;
using Mainstay.Skills.Lifecycle;
using Mainstay.Skills.Prompting;
using Mainstay.Skills.Publishing;
using Mainstay.Skills.Resolving;
using Mainstay.Skills.Testing;
using Mainstay.Skills.V1;
using Mainstay.Skills.Validating;

namespace Mainstay.Skills.Grpc;

/// <summary>Hands each rpc to its act.</summary>
[BindServiceMethod(typeof(SkillBinding), nameof(SkillBinding.BindService))]
internal sealed class SkillGrpcService(
    RegisterSkill registerSkill,
    PublishSkill publishSkill,
    DeprecateSkill deprecateSkill,
    WithdrawSkill withdrawSkill,
    SetVisibility setVisibility,
    SetAlias setAlias,
    ListAliases listAliases,
    ListAliasMoves listAliasMoves,
    ResolveSkill resolveSkill,
    GetSkill getSkill,
    ListSkills listSkills,
    ListVersions listVersions,
    DiffVersions diffVersions,
    CheckCompatibility checkCompatibility,
    ImportSkill importSkill,
    ExportSkill exportSkill,
    WatchSkills watchSkills,
    TestSkill testSkill,
    RenderPrompt renderPrompt,
    ValidateOutput validateOutput)
    : SkillService.SkillServiceBase
{
    public override Task<RegisterSkillResponse> RegisterSkill(RegisterSkillRequest request, ServerCallContext context) =>
        registerSkill.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);

    public override Task<PublishSkillResponse> PublishSkill(PublishSkillRequest request, ServerCallContext context) =>
        publishSkill.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);

    public override async Task<DeprecateSkillResponse> DeprecateSkill(DeprecateSkillRequest request, ServerCallContext context) =>
        new() { Skill = await deprecateSkill.ExecuteAsync(request, context.GetCaller(), context.CancellationToken) };

    public override async Task<WithdrawSkillResponse> WithdrawSkill(WithdrawSkillRequest request, ServerCallContext context) =>
        new() { Skill = await withdrawSkill.ExecuteAsync(request, context.GetCaller(), context.CancellationToken) };

    public override async Task<SetVisibilityResponse> SetVisibility(SetVisibilityRequest request, ServerCallContext context) =>
        new() { Visibility = await setVisibility.ExecuteAsync(request, context.GetCaller(), context.CancellationToken) };

    public override async Task<SetAliasResponse> SetAlias(SetAliasRequest request, ServerCallContext context) =>
        new() { Alias = await setAlias.ExecuteAsync(request, context.GetCaller(), context.CancellationToken) };

    public override Task<ListAliasesResponse> ListAliases(ListAliasesRequest request, ServerCallContext context) =>
        listAliases.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);

    public override Task<ListAliasMovesResponse> ListAliasMoves(ListAliasMovesRequest request, ServerCallContext context) =>
        listAliasMoves.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);

    public override Task<ResolveSkillResponse> ResolveSkill(ResolveSkillRequest request, ServerCallContext context) =>
        resolveSkill.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);

    public new Task<ReadySkill> GetSkill(GetSkillRequest request, ServerCallContext context) =>
        getSkill.ReadyAsync(request.SkillName, request.Version, context.GetCaller(), context.CancellationToken);

    public override Task<ListSkillsResponse> ListSkills(ListSkillsRequest request, ServerCallContext context) =>
        listSkills.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);

    public override Task<ListVersionsResponse> ListVersions(ListVersionsRequest request, ServerCallContext context) =>
        listVersions.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);

    public override Task<DiffVersionsResponse> DiffVersions(DiffVersionsRequest request, ServerCallContext context) =>
        diffVersions.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);

    public override Task<CheckCompatibilityResponse> CheckCompatibility(CheckCompatibilityRequest request, ServerCallContext context) =>
        checkCompatibility.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);

    public override Task<ImportSkillResponse> ImportSkill(ImportSkillRequest request, ServerCallContext context) =>
        importSkill.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);

    public override Task<ExportSkillResponse> ExportSkill(ExportSkillRequest request, ServerCallContext context) =>
        exportSkill.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);

    public override Task WatchSkills(WatchSkillsRequest request, IServerStreamWriter<WatchSkillsResponse> responseStream, ServerCallContext context) =>
        watchSkills.ExecuteAsync(request, responseStream, context.GetCaller(), context.CancellationToken);

    public override Task<TestSkillResponse> TestSkill(TestSkillRequest request, ServerCallContext context) =>
        testSkill.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);

    public override Task<RenderPromptResponse> RenderPrompt(RenderPromptRequest request, ServerCallContext context) =>
        renderPrompt.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);

    public override Task<ValidateOutputResponse> ValidateOutput(ValidateOutputRequest request, ServerCallContext context) =>
        validateOutput.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);
}
