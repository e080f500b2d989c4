using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Lifecycle;

/// <summary>Marks a published version as one that new work had better not use.</summary>
internal sealed class DeprecateSkill(ChangeState change)
{
    public Task<Skill> ExecuteAsync(DeprecateSkillRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        ChangeState.RequireReason(request.Reason);
        var step = new StateStep("skill_deprecate", [SkillStates.Published], SkillStates.Deprecated, request.Reason);
        return change.ExecuteAsync(request.SkillName, request.Version, step, caller, cancellationToken);
    }
}
