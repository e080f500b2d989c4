using Dapper;
using Google.Protobuf;
using Mainstay.BusContracts;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Outbox;
using Mainstay.Tools.V1;
using Npgsql;

namespace Mainstay.ToolGateway.Permissions;

/// <summary>Sets the rules of the platform or of a team.</summary>
internal sealed class SetPermissionRules(NpgsqlDataSource database, AuditOutbox outbox, TimeProvider clock)
{
    private const string Upsert = """
        insert into permission_rule_set (level, team, rules, setter, set_time)
        values (@Level, @Team, @Rules::jsonb, @Setter, @SetTime)
        on conflict (level, team) do update
        set rules = excluded.rules, setter = excluded.setter, set_time = excluded.set_time
        """;

    public async Task<string> ExecuteAsync(SetPermissionRulesRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        CheckRights(request, caller);
        RuleChecks.Check("rules", request.Rules);
        RuleChecks.CheckNamesDiffer("rules", request.Rules);
        var version = Policy.VersionOf([request.Rules]);
        var level = request.Level.ToString().ToLowerInvariant();

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            Upsert,
            new
            {
                level,
                request.Team,
                Rules = $"[{string.Join(',', request.Rules.Select(rule => JsonFormatter.Default.Format(rule)))}]",
                Setter = caller.Principal,
                SetTime = clock.GetUtcNow(),
            },
            transaction,
            cancellationToken: cancellationToken));
        await outbox.AppendAsync(connection, transaction, Announcement(level, request, version, caller), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return version;
    }

    private static void CheckRights(SetPermissionRulesRequest request, CallerContext caller)
    {
        switch (request.Level)
        {
            case PermissionLevel.Platform when request.Team.Length > 0:
                throw ToolErrors.FieldInvalid(("team", "must be empty for PERMISSION_LEVEL_PLATFORM"));
            case PermissionLevel.Platform when !caller.IsAdmin:
                throw ToolErrors.RoleMissing("Rules of the platform are set by the role 'admin' alone.");
            case PermissionLevel.Organisation when request.Team.Length == 0:
                throw ToolErrors.FieldInvalid(("team", "must name the team for PERMISSION_LEVEL_ORGANISATION"));
            case PermissionLevel.Organisation when !caller.IsAdmin && caller.Team != request.Team:
                throw ToolErrors.RoleMissing($"Rules of the team '{request.Team}' are set by that team or by the role 'admin'.");
            case PermissionLevel.Platform or PermissionLevel.Organisation:
                return;
            default:
                throw ToolErrors.FieldInvalid(("level", "must be PERMISSION_LEVEL_PLATFORM or PERMISSION_LEVEL_ORGANISATION; those of a workflow come with each call"));
        }
    }

    private AuditEvent Announcement(string level, SetPermissionRulesRequest request, string version, CallerContext caller) => new()
    {
        EventId = AuditEvent.NewId(clock),
        Timestamp = clock.GetUtcNow(),
        Action = "permission_rules_set",
        Result = "success",
        Service = "tool-gateway",
        RbacScope = caller.RbacScope,
        Resource = new AuditResource { ProjectId = caller.Project, DocumentId = request.Team.Length > 0 ? $"{level}/{request.Team}" : level },
        UserContext = new AuditUserContext { InitiatedBy = caller.Subject, OnBehalfOf = caller.OnBehalfOf },
        Policy = new AuditPolicy { Level = level, PolicyVersion = version },
        Attributes = new Dictionary<string, string> { ["rules"] = string.Join(' ', request.Rules.Select(rule => rule.RuleName)) },
    };
}
