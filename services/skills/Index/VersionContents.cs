using Dapper;
using Google.Protobuf;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.V1;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;

namespace Mainstay.Skills.Index;

/// <summary>Keeps the contents of versions as the bytes that travel, up to a limit, those longest that were used last.</summary>
internal sealed class VersionContents(NpgsqlDataSource database, Hearing hearing, CacheLimits limits) : IDisposable
{
    // What a version takes beside its bytes.
    private const int Overhead = 256;

    private const string Select = $"""
        select {SkillRow.Columns}
        from skill_version version
        where version.id = @Id
        """;

    private readonly MemoryCache contents = new(new MemoryCacheOptions { SizeLimit = limits.MostBytes });

    /// <summary>A version as the contract has it, the caller's own to change.</summary>
    public async ValueTask<Skill> ReadAsync(VersionEntry version, CancellationToken cancellationToken) =>
        GetSkillResponse.Parser.ParseFrom((await ReadyAsync(version, cancellationToken)).Bytes).Skill;

    /// <summary>A version as the answer that holds it.</summary>
    public ValueTask<ReadySkill> ReadyAsync(VersionEntry version, CancellationToken cancellationToken) =>
        hearing.IsCurrent && contents.TryGetValue(version, out ReadySkill? known) ? ValueTask.FromResult(known!) : LoadAsync(version, cancellationToken);

    /// <summary>Keeps the content of a version that was read together with what the index knows of it; not where it changed in between.</summary>
    public void Keep(VersionEntry version, SkillRow content)
    {
        if (content.Digest == version.Digest && SkillStates.Parse(content.State) == version.State)
        {
            Set(version, content);
        }
    }

    public void Dispose() => contents.Dispose();

    // Kept under the entry, not under its id: a version that changes gets a new entry.
    private async ValueTask<ReadySkill> LoadAsync(VersionEntry version, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleAsync<SkillRow>(new CommandDefinition(Select, new { version.Id }, cancellationToken: cancellationToken));
        return Set(version, row);
    }

    private ReadySkill Set(VersionEntry version, SkillRow row)
    {
        var bytes = new GetSkillResponse { Skill = row.ToSkill() }.ToByteArray();
        return contents.Set(version, new ReadySkill(bytes), new MemoryCacheEntryOptions { Size = bytes.Length + Overhead });
    }
}
