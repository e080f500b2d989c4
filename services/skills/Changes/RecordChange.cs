using Dapper;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Outbox;
using Npgsql;

namespace Mainstay.Skills.Changes;

/// <summary>Tells of a change in the transaction that makes it: to the audit trail, and to those who watch.</summary>
internal sealed class RecordChange(AuditOutbox outbox, TimeProvider clock)
{
    /// <summary>The channel on which PostgreSQL tells which skill has changed.</summary>
    public const string Channel = "skill_change";

    private const string Insert = $"""
        with written as (
            insert into skill_change (kind, skill_name, version, alias, change_time)
            values (@Kind, @SkillName, @Version, @Alias, @ChangeTime)
        )
        select pg_notify('{Channel}', @SkillName)
        """;

    public async Task ExecuteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ChangeNote change, CallerContext caller, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await connection.ExecuteAsync(new CommandDefinition(
            Insert, new { Kind = change.Action, change.SkillName, change.Version, change.Alias, ChangeTime = now }, transaction, cancellationToken: cancellationToken));
        await outbox.AppendAsync(connection, transaction, change.ToAuditEvent(caller, clock) with { Timestamp = now }, cancellationToken);
    }
}
