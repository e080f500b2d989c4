using Grpc.Core;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.Prompting;
using Mainstay.Skills.Publishing;
using Mainstay.Skills.V1;
using Mainstay.Skills.Validating;

namespace Mainstay.Skills.Grpc;

/// <summary>Hands each rpc to its act.</summary>
internal sealed class SkillGrpcService(RegisterSkill registerSkill, GetSkill getSkill, ListSkills listSkills, RenderPrompt renderPrompt, ValidateOutput validateOutput)
    : SkillService.SkillServiceBase
{
    public override async Task<RegisterSkillResponse> RegisterSkill(RegisterSkillRequest request, ServerCallContext context) =>
        new() { Skill = await registerSkill.ExecuteAsync(request, context.GetCaller(), context.CancellationToken) };

    public override async Task<GetSkillResponse> GetSkill(GetSkillRequest request, ServerCallContext context) =>
        new() { Skill = await getSkill.ExecuteAsync(request.SkillName, request.Version, context.GetCaller(), context.CancellationToken) };

    public override Task<ListSkillsResponse> ListSkills(ListSkillsRequest request, ServerCallContext context) =>
        listSkills.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);

    public override Task<RenderPromptResponse> RenderPrompt(RenderPromptRequest request, ServerCallContext context) =>
        renderPrompt.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);

    public override Task<ValidateOutputResponse> ValidateOutput(ValidateOutputRequest request, ServerCallContext context) =>
        validateOutput.ExecuteAsync(request, context.GetCaller(), context.CancellationToken);
}
