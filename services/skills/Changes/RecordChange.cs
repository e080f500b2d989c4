using Dapper;
using Mainstay.BusContracts;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Outbox;
using Npgsql;

namespace Mainstay.Skills.Changes;

/// <summary>Tells of a change in the transaction that makes it: to the audit trail, and to those who watch.</summary>
internal sealed class RecordChange(AuditOutbox outbox, TimeProvider clock)
{
    /// <summary>The channel on which PostgreSQL tells that something has changed.</summary>
    public const string Channel = "skill_change";

    private const string Insert = $"""
        with written as (
            insert into skill_change (kind, skill_name, version, alias, change_time)
            values (@Kind, @SkillName, @Version, @Alias, @ChangeTime)
        )
        select pg_notify('{Channel}', '')
        """;

    public async Task ExecuteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ChangeNote change, CallerContext caller, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await connection.ExecuteAsync(new CommandDefinition(
            Insert, new { Kind = change.Action, change.SkillName, change.Version, change.Alias, ChangeTime = now }, transaction, cancellationToken: cancellationToken));
        await outbox.AppendAsync(
            connection,
            transaction,
            new AuditEvent
            {
                EventId = AuditEvent.NewId(clock),
                Timestamp = now,
                Action = change.Action,
                Result = "success",
                Service = "skills",
                RbacScope = change.Scope,
                Resource = new AuditResource
                {
                    ProjectId = caller.Project,
                    DocumentId = change.Version.Length > 0 ? $"{change.SkillName}@{change.Version}" : change.SkillName,
                    DocumentName = change.SkillName,
                },
                UserContext = new AuditUserContext { InitiatedBy = caller.Subject, OnBehalfOf = caller.OnBehalfOf },
                Attributes = change.Facts,
            },
            cancellationToken);
    }
}
