using Dapper;
using Mainstay.Skills.Catalog;
using Npgsql;

namespace Mainstay.Skills.Index;

/// <summary>Reads what the index is to know of a skill, and the version that is asked for, in one journey to the database.</summary>
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
        where skill_name = @SkillName;

        """;

    private const string SelectVersion = $"""
        {Select}
        select {SkillRow.Columns}
        from skill_version version
        where version.skill_name = @SkillName and version.version = @Version
        """;

    private const string SelectNewest = $"""
        {Select}
        select {SkillRow.Columns}
        from skill
        join skill_version version on version.id = skill.newest_id
        where skill.skill_name = @SkillName
        """;

    /// <summary>The skill as it is now; no entry when there is none.</summary>
    /// <param name="skillName">The skill.</param>
    /// <param name="version">The version whose content is wanted too: empty the newest, null none.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<(SkillEntry? Entry, SkillRow? Content)> ExecuteAsync(string skillName, string? version, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var statement = version switch { null => Select, "" => SelectNewest, _ => SelectVersion };
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition(statement, new { skillName, version }, cancellationToken: cancellationToken));
        if (await results.ReadSingleOrDefaultAsync<SkillEntry.Owned>() is not { } skill)
        {
            return (null, null);
        }

        var versions = (await results.ReadAsync<Row>()).Select(row => row.ToEntry()).ToArray();
        var aliases = (await results.ReadAsync<(string Alias, string Version)>()).ToDictionary(alias => alias.Alias, alias => alias.Version, StringComparer.Ordinal);
        return (new SkillEntry(skill, versions, aliases), version is null ? null : await results.ReadSingleOrDefaultAsync<SkillRow>());
    }

    private sealed record Row(Guid Id, string Version, string Digest, string State, string StateReason, string RbacScope)
    {
        public VersionEntry ToEntry() => new(Id, Version, Digest, SkillStates.Parse(State), StateReason, RbacScope);
    }
}
