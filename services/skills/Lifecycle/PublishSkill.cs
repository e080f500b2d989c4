using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.Comparing;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Lifecycle;

/// <summary>Publishes a draft as it is, by a second person where the policy asks for one.</summary>
internal sealed class PublishSkill(ChangeState change, CompatibilityGate compatibility, SkillsPolicy policy)
{
    public Task<Skill> ExecuteAsync(PublishSkillRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        var step = new StateStep("skill_publish", [SkillStates.Draft], SkillStates.Published, "")
        {
            Check = async check =>
            {
                if (request.Digest.Length > 0 && request.Digest != check.Skill.Digest)
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
        return change.ExecuteAsync(request.SkillName, request.Version, step, caller, cancellationToken);
    }
}
