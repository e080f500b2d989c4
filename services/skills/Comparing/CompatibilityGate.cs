using System.Globalization;
using Dapper;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.V1;
using Mainstay.Skills.Versions;
using Npgsql;

namespace Mainstay.Skills.Comparing;

/// <summary>Lets nothing be published that breaks what its own line of versions promises, unless the policy says otherwise.</summary>
internal sealed class CompatibilityGate(SkillsPolicy policy)
{
    private const string SelectPredecessor = $"""
        select {SkillRow.Columns}
        from skill_version version
        where version.skill_name = @SkillName
            and version.version_order >= @LineStart
            and version.version_order < @VersionOrder
            and not version.is_prerelease
            and version.state in ('published', 'deprecated')
        order by version.version_order desc
        limit 1
        """;

    /// <summary>Refuses a release that breaks the promise of the highest release before it in its line; a pre-release promises nothing.</summary>
    public async Task RequireAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Skill skill, CancellationToken cancellationToken)
    {
        var version = SemanticVersion.Parse(skill.Version);
        if (!policy.KeepsCompatibility || version.IsPrerelease)
        {
            return;
        }

        var predecessor = await connection.QuerySingleOrDefaultAsync<SkillRow>(new CommandDefinition(
            SelectPredecessor,
            new { skill.SkillName, LineStart = LineStart(version), VersionOrder = SemanticVersionOrder.Of(version) },
            transaction,
            cancellationToken: cancellationToken));
        if (predecessor?.ToSkill() is { } old && Compatibility.Differences(old, skill) is { Count: > 0 } differences)
        {
            throw SkillErrors.Incompatible(skill.SkillName, skill.Version, old.Version, differences);
        }
    }

    // Below 1.0.0 the minor version is what tells of breaks (as ^0.2.1 has it).
    private static string LineStart(SemanticVersion version) => version.Major > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{version.Major:d10}.")
        : string.Create(CultureInfo.InvariantCulture, $"{version.Major:d10}.{version.Minor:d10}.");
}
