using Dapper;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.V1;
using Npgsql;

namespace Mainstay.Skills.Catalog;

/// <summary>Finds one version of a skill.</summary>
internal sealed class GetSkill(NpgsqlDataSource database)
{
    private const string SelectExact = """
        select content::text as content, rbac_scope
        from skill_version
        where skill_name = @SkillName and version = @Version
        """;

    private const string SelectNewest = """
        select content::text as content, rbac_scope
        from skill_version
        where skill_name = @SkillName and not is_prerelease
        order by version_order desc
        limit 1
        """;

    /// <summary>The exact version, or the highest release when none is named.</summary>
    public async Task<Skill> ExecuteAsync(string skillName, string version, CallerContext caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            version.Length == 0 ? SelectNewest : SelectExact, new { skillName, version }, cancellationToken: cancellationToken));

        // What a caller may not see does not exist for it: a different answer would tell that it does.
        return row is not null && caller.HasScope(row.RbacScope)
            ? Skill.Parser.ParseJson(row.Content)
            : throw SkillErrors.SkillNotFound(skillName, version);
    }

    private sealed record Row(string Content, string RbacScope);
}
