using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Access;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.Comparing;
using Mainstay.Skills.Tools;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Lifecycle;

/// <summary>Publishes a draft as it is, by a second person where the policy asks for one.</summary>
internal sealed class PublishSkill(GetSkill getSkill, CheckTools tools, ChangeState change, CompatibilityGate compatibility, SkillsPolicy policy)
{
    public async Task<PublishSkillResponse> ExecuteAsync(PublishSkillRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        caller.Require(SkillScopes.Publish);
        var draft = await getSkill.ExecuteAsync(request.SkillName, request.Version, caller, cancellationToken);

        // Another service is asked before anything is locked.
        var warnings = draft.State == SkillState.Draft ? await tools.ExecuteAsync(draft, isDraft: false, caller, cancellationToken) : [];
        var step = new StateStep("skill_publish", [SkillStates.Draft], SkillStates.Published, "")
        {
            Check = async check =>
            {
                if (check.Skill.Digest != (request.Digest.Length > 0 ? request.Digest : draft.Digest))
                {
                    throw SkillErrors.DraftChanged(request.SkillName, request.Version, check.Skill.Digest);
                }

                if (policy.NeedsSecondPerson && check.Author == caller.Principal)
                {
                    throw SkillErrors.SecondPersonNeeded(request.SkillName, request.Version);
                }

                await compatibility.RequireAsync(check.Connection, check.Transaction, check.Skill, cancellationToken);
            },
        };
        var published = await change.ExecuteAsync(request.SkillName, request.Version, step, caller, cancellationToken);
        return new PublishSkillResponse { Skill = published, Warnings = { warnings } };
    }
}
