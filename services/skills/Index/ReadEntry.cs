using Dapper;
using Mainstay.Skills.Catalog;
using Npgsql;

namespace Mainstay.Skills.Index;

/// <summary>Reads what the index is to know of a skill, in one journey to the database.</summary>
internal sealed class ReadEntry(NpgsqlDataSource database)
{
    // What changes between the statements is told of, and read again.
    private const string Select = """
        select owner_team, is_public, teams, projects, newest_id
        from skill
        where skill_name = @SkillName;

        select id, version, digest, state, state_reason, rbac_scope
        from skill_version
        where skill_name = @SkillName
        order by version_order desc, version desc;

        select alias, version
        from skill_alias
        where skill_name = @SkillName
        """;

    /// <summary>The skill as it is now; null when there is none.</summary>
    public async Task<SkillEntry?> ExecuteAsync(string skillName, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition(Select, new { skillName }, cancellationToken: cancellationToken));
        if (await results.ReadSingleOrDefaultAsync<SkillEntry.Owned>() is not { } skill)
        {
            return null;
        }

        var versions = (await results.ReadAsync<Row>()).Select(row => row.ToEntry()).ToArray();
        var aliases = (await results.ReadAsync<(string Alias, string Version)>()).ToDictionary(alias => alias.Alias, alias => alias.Version, StringComparer.Ordinal);
        return new SkillEntry(skill, versions, aliases);
    }

    private sealed record Row(Guid Id, string Version, string Digest, string State, string StateReason, string RbacScope)
    {
        public VersionEntry ToEntry() => new(Id, Version, Digest, SkillStates.Parse(State), StateReason, RbacScope);
    }
}
