using Dapper;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Access;
using Mainstay.Skills.V1;
using Npgsql;

namespace Mainstay.Skills.Catalog;

/// <summary>Finds one version of a skill.</summary>
internal sealed class GetSkill(NpgsqlDataSource database)
{
    // What a caller may not see does not exist for it: a different answer would tell that it does.
    private const string SelectExact = $"""
        select {SkillRow.Columns}
        from skill_version version
        join skill on skill.skill_name = version.skill_name
        where version.skill_name = @SkillName and version.version = @Version and {Viewer.SeesVersion}
        """;

    private const string SelectNewest = $"""
        select {SkillRow.Columns}
        from skill
        join skill_version version on version.id = skill.newest_id
        where skill.skill_name = @SkillName and {Viewer.SeesVersion}
        """;

    /// <summary>The exact version, whatever its state, or the newest when none is named.</summary>
    public async Task<Skill> ExecuteAsync(string skillName, string version, CallerContext caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<SkillRow>(new CommandDefinition(
            version.Length == 0 ? SelectNewest : SelectExact, caller.Parameters(new { skillName, version }), cancellationToken: cancellationToken));
        return row?.ToSkill() ?? throw SkillErrors.SkillNotFound(skillName, version);
    }
}
