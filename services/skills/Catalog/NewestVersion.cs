using Dapper;
using Npgsql;

namespace Mainstay.Skills.Catalog;

/// <summary>Keeps at each skill which version is its newest, and the words to find it by, so that reading costs the same however many versions there are.</summary>
internal static class NewestVersion
{
    private const string Update = """
        update skill
        set newest_id = newest.id,
            tags = array(select jsonb_array_elements_text(newest.content -> 'tags')),
            owner = coalesce(newest.content ->> 'owner', ''),
            document = setweight(to_tsvector('english', skill.skill_name), 'A')
                || setweight(to_tsvector('english', coalesce(newest.content ->> 'tags', '')), 'B')
                || setweight(to_tsvector('english', concat(newest.content ->> 'description', ' ', newest.content ->> 'owner')), 'C')
        from (values (1)) one
        left join lateral (
            select id, content
            from skill_version
            where skill_name = @SkillName and not is_prerelease and state in ('published', 'deprecated')
            order by state = 'deprecated', version_order desc, version desc
            limit 1
        ) newest on true
        where skill.skill_name = @SkillName
        """;

    /// <summary>Chooses the newest version anew; the skill is locked.</summary>
    public static Task RefreshAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string skillName, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(Update, new { skillName }, transaction, cancellationToken: cancellationToken));
}
