using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Lifecycle;

/// <summary>Takes a version out of use for all that is new; whoever holds it pinned still gets it.</summary>
internal sealed class WithdrawSkill(ChangeState change)
{
    public Task<Skill> ExecuteAsync(WithdrawSkillRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        ChangeState.RequireReason(request.Reason);
        var step = new StateStep("skill_withdraw", [SkillStates.Published, SkillStates.Deprecated], SkillStates.Withdrawn, request.Reason);
        return change.ExecuteAsync(request.SkillName, request.Version, step, caller, cancellationToken);
    }
}
