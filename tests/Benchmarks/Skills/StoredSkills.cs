using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.Skills.V1;
using Mainstay.Skills.Versions;
using Npgsql;

namespace Mainstay.Benchmarks.Skills;

/// <summary>Skills as a registry in use holds them: many names, several versions each, a template of a page.</summary>
internal sealed record StoredSkills(int Names, int Versions)
{
    private const string CopyVersions = """
        copy skill_version (
            id, skill_name, version, version_order, is_prerelease, digest, content, rbac_scope,
            author, publisher, publish_time, state, state_time, state_author)
        from stdin (format binary)
        """;

    // As the registry does it when a version is published, for all at once.
    private const string ChooseNewest = """
        update skill
        set newest_id = newest.id,
            tags = array(select jsonb_array_elements_text(newest.content -> 'tags')),
            owner = newest.content ->> 'owner',
            document = setweight(to_tsvector('english', skill.skill_name), 'A')
                || setweight(to_tsvector('english', newest.content ->> 'tags'), 'B')
                || setweight(to_tsvector('english', concat(newest.content ->> 'description', ' ', newest.content ->> 'owner')), 'C')
        from (select distinct on (skill_name) skill_name, id, content from skill_version order by skill_name, version_order desc) newest
        where newest.skill_name = skill.skill_name;

        insert into skill_alias (skill_name, alias, version, author, move_time)
        select skill_name, 'production', '1.0.0', 'bench', now() from skill;

        analyze
        """;

    /// <summary>The name of a skill by its number.</summary>
    public static string Name(int number) => $"bench-skill-{number:d6}";

    /// <summary>A version by its number.</summary>
    public static string Version(int number) => $"1.{number}.0";

    /// <summary>Writes all of them into the registry's database, as rows that it might have written itself.</summary>
    public async Task LoadAsync(NpgsqlConnectionStringBuilder database, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using (var names = await connection.BeginBinaryImportAsync("copy skill (skill_name, owner_team) from stdin (format binary)", cancellationToken))
        {
            for (var number = 0; number < Names; number++)
            {
                await names.WriteRowAsync(cancellationToken, Name(number), "");
            }

            await names.CompleteAsync(cancellationToken);
        }

        await using (var versions = await connection.BeginBinaryImportAsync(CopyVersions, cancellationToken))
        {
            for (var number = 0; number < Names * Versions; number++)
            {
                await WriteAsync(versions, NewSkill(number / Versions, Version(number % Versions)), cancellationToken);
            }

            await versions.CompleteAsync(cancellationToken);
        }

        await using var choose = new NpgsqlCommand(ChooseNewest, connection) { CommandTimeout = 600 };
        await choose.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task WriteAsync(NpgsqlBinaryImporter rows, Skill skill, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var content = JsonFormatter.Default.Format(skill);
        await rows.StartRowAsync(cancellationToken);
        await rows.WriteAsync(Guid.CreateVersion7(), cancellationToken);
        await rows.WriteAsync(skill.SkillName, cancellationToken);
        await rows.WriteAsync(skill.Version, cancellationToken);
        await rows.WriteAsync(SemanticVersionOrder.Of(SemanticVersion.Parse(skill.Version)), cancellationToken);
        await rows.WriteAsync(false, cancellationToken);
        await rows.WriteAsync(CanonicalJson.Digest(JsonNode.Parse(content)), cancellationToken);
        await rows.WriteAsync(content, NpgsqlTypes.NpgsqlDbType.Jsonb, cancellationToken);
        await rows.WriteAsync("", cancellationToken);
        await rows.WriteAsync("bench", cancellationToken);
        await rows.WriteAsync("bench", cancellationToken);
        await rows.WriteAsync(now, NpgsqlTypes.NpgsqlDbType.TimestampTz, cancellationToken);
        await rows.WriteAsync("published", cancellationToken);
        await rows.WriteAsync(now, NpgsqlTypes.NpgsqlDbType.TimestampTz, cancellationToken);
        await rows.WriteAsync("bench", cancellationToken);
    }

    // Every fifth skill is found by a search for "thermal", every tenth has the tag "bess".
    private static Skill NewSkill(int number, string version) => new()
    {
        SkillName = Name(number),
        Version = version,
        Description = $"Reviews the {(number % 5 == 0 ? "thermal" : "electrical")} test sheets of plant {number}.",
        PromptTemplate = PromptContest.Template,
        AllowedTools = { "filesystem.read_text_file", "filesystem.list_directory" },
        OutputSchema = new Struct { Fields = { ["type"] = Value.ForString("object") } },
        ExecutionConfig = new ExecutionConfig { Model = "default", MaxIterations = 20 },
        Owner = $"team-{number % 100}",
        Tags = { number % 10 == 0 ? "bess" : "grid" },
    };
}
