using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Index;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Access;

/// <summary>What a caller may see, in memory: the same conditions as <see cref="Viewer"/> has them in SQL.</summary>
internal static class Sight
{
    /// <summary>Whether a caller sees a skill at all.</summary>
    public static bool Sees(this CallerContext caller, SkillEntry entry) => entry.Skill is var skill
        && (caller.IsAdmin
            || skill.IsPublic
            || (skill.OwnerTeam.Length > 0 && skill.OwnerTeam == caller.Team)
            || skill.Teams.Contains(caller.Team)
            || skill.Projects.Contains(caller.Project));

    /// <summary>Whether a caller sees a version of a skill.</summary>
    public static bool Sees(this CallerContext caller, SkillEntry entry, VersionEntry version) =>
        caller.Sees(entry) && caller.HasScope(version.RbacScope) && (version.State != SkillState.Draft || caller.SeesDrafts());

    /// <summary>Whether a caller sees drafts.</summary>
    public static bool SeesDrafts(this CallerContext caller) => caller.HasScope(SkillScopes.Draft) || caller.HasScope(SkillScopes.Publish);
}
