using System.Globalization;
using Dapper;
using Google.Protobuf.WellKnownTypes;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Access;
using Mainstay.Skills.V1;
using Npgsql;

namespace Mainstay.Skills.Changes;

/// <summary>Reads the changes after a place, as far as they are complete.</summary>
internal sealed class ReadChanges(NpgsqlDataSource database)
{
    private const string SelectNow = """
        select pg_snapshot_xmin(snapshot)::text as oldest, snapshot::text as snapshot
        from pg_current_snapshot() snapshot
        """;

    // Transactions end in another order than they begin: what is older than all that still run is complete.
    private const string Select = $"""
        select change.transaction_id::text as transaction_id, change.id, change.kind, change.skill_name, change.version, change.alias, change.change_time
        from skill_change change
        join skill on skill.skill_name = change.skill_name
        left join skill_version version on version.skill_name = change.skill_name and version.version = change.version
        where (change.transaction_id, change.id) > (@TransactionId::text::xid8, @Id)
            and change.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
            and coalesce(not pg_visible_in_snapshot(change.transaction_id, nullif(@Seen, '')::pg_snapshot), true)
            and (cardinality(@SkillNames) = 0 or change.skill_name = any(@SkillNames))
            and {Viewer.SeesSkill}
            and (version.id is null or ({Viewer.SeesVersion}))
        order by change.transaction_id, change.id
        limit 500
        """;

    /// <summary>The place before all changes that are yet to come, and the snapshot that tells which of those after it have come already.</summary>
    public async Task<(ChangeCursor Cursor, string Snapshot)> NowAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (oldest, snapshot) = await connection.QuerySingleAsync<(string, string)>(new CommandDefinition(SelectNow, cancellationToken: cancellationToken));
        return (new ChangeCursor(ulong.Parse(oldest, CultureInfo.InvariantCulture), 0), snapshot);
    }

    /// <summary>The next changes, oldest first, each with the place after it, without those that a snapshot has seen; empty when there are none yet.</summary>
    public async Task<IReadOnlyList<WatchSkillsResponse>> AfterAsync(
        ChangeCursor cursor, string seen, string[] skillNames, CallerContext caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            Select,
            caller.Parameters(new { TransactionId = cursor.TransactionId.ToString(CultureInfo.InvariantCulture), cursor.Id, seen, skillNames }),
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToMessage())];
    }

    private sealed record Row(string TransactionId, long Id, string Kind, string SkillName, string Version, string Alias, DateTime ChangeTime)
    {
        public WatchSkillsResponse ToMessage() => new()
        {
            Cursor = $"{TransactionId}.{Id}",
            Change = new SkillChange
            {
                // skill_publish is PUBLISH to the contract.
                Kind = System.Enum.Parse<SkillChangeKind>(Kind["skill_".Length..], ignoreCase: true),
                SkillName = SkillName,
                Version = Version,
                Alias = Alias,
                ChangeTime = Timestamp.FromDateTime(ChangeTime),
            },
        };
    }
}
