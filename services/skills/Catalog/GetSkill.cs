using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Access;
using Mainstay.Skills.Index;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Catalog;

/// <summary>Finds one version of a skill: the exact one, whatever its state, or the newest when none is named.</summary>
internal sealed class GetSkill(SkillIndex index, VersionContents contents)
{
    /// <summary>The version, the caller's own to change.</summary>
    public async Task<Skill> ExecuteAsync(string skillName, string version, CallerContext caller, CancellationToken cancellationToken) =>
        await contents.ReadAsync(await FindAsync(skillName, version, caller, cancellationToken), cancellationToken);

    /// <summary>The version as the answer that holds it.</summary>
    public async Task<ReadySkill> ReadyAsync(string skillName, string version, CallerContext caller, CancellationToken cancellationToken) =>
        await contents.ReadyAsync(await FindAsync(skillName, version, caller, cancellationToken), cancellationToken);

    /// <summary>What the index knows of the version.</summary>
    public async ValueTask<VersionEntry> FindAsync(string skillName, string version, CallerContext caller, CancellationToken cancellationToken)
    {
        var entry = await index.FindAsync(skillName, version, cancellationToken);
        var found = version.Length == 0 ? entry?.Newest : entry?.Find(version);

        // What a caller may not see does not exist for it: a different answer would tell that it does.
        return found is not null && caller.Sees(entry!, found) ? found : throw SkillErrors.SkillNotFound(skillName, version);
    }
}
