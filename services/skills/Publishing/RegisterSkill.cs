using System.Data;
using Dapper;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mainstay.BusContracts;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Outbox;
using Mainstay.Skills.V1;
using Npgsql;

namespace Mainstay.Skills.Publishing;

/// <summary>Publishes one immutable version of a skill, once however often it is asked.</summary>
internal sealed partial class RegisterSkill(NpgsqlDataSource database, AuditOutbox outbox, TimeProvider clock, ILogger<RegisterSkill> logger)
{
    /// <summary>The scope that publishing needs.</summary>
    public const string Scope = "skills:publish";

    private const string SelectRequest = """
        select request.digest, version.content::text as content
        from publish_request request
        join skill_version version on version.id = request.skill_version_id
        where request.publisher = @Publisher and request.request_id = @RequestId
        """;

    private const string Insert = """
        insert into skill_version (id, skill_name, version, version_order, is_prerelease, digest, content, rbac_scope, publisher, publish_time)
        values (@Id, @SkillName, @Version, @VersionOrder, @IsPrerelease, @Digest, @Content::jsonb, @RbacScope, @Publisher, @PublishTime)
        on conflict (skill_name, version) do nothing
        """;

    private const string SelectVersion = """
        select id, digest, content::text as content
        from skill_version
        where skill_name = @SkillName and version = @Version
        """;

    private const string InsertRequest = """
        insert into publish_request (publisher, request_id, digest, skill_version_id, request_time)
        values (@Publisher, @RequestId, @Digest, @Id, @PublishTime)
        """;

    /// <summary>Publishes a version, or returns the one that is there with the same content.</summary>
    public async Task<Skill> ExecuteAsync(RegisterSkillRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        if (!caller.HasScope(Scope))
        {
            throw SkillErrors.ScopeMissing(Scope);
        }

        if (request.RequestId.Length > 0 && !Guid.TryParse(request.RequestId, out _))
        {
            throw SkillErrors.FieldInvalid(("request_id", "must be a UUID or empty"));
        }

        var draft = SkillDraft.From(request.Skill);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        await SerializeAsync(connection, transaction, caller, request.RequestId, cancellationToken);
        if (await FindRequestAsync(connection, transaction, caller, request.RequestId, draft, cancellationToken) is { } repeated)
        {
            return repeated;
        }

        var published = draft.Skill.Clone();
        published.Digest = draft.Digest;
        published.Publisher = caller.Principal;
        published.PublishTime = clock.GetUtcNow().ToTimestamp();
        var row = new
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            published.SkillName,
            published.Version,
            VersionOrder = SemanticVersionOrder.Of(draft.Version),
            draft.Version.IsPrerelease,
            draft.Digest,
            Content = JsonFormatter.Default.Format(published),
            published.RbacScope,
            Publisher = caller.Principal,
            PublishTime = clock.GetUtcNow(),
            request.RequestId,
        };
        if (await connection.ExecuteAsync(new CommandDefinition(Insert, row, transaction, cancellationToken: cancellationToken)) == 1)
        {
            await outbox.AppendAsync(connection, transaction, Announcement(published, caller), cancellationToken);
        }

        var stored = await connection.QuerySingleAsync<Stored>(new CommandDefinition(SelectVersion, row, transaction, cancellationToken: cancellationToken));
        if (stored.Digest != draft.Digest)
        {
            throw SkillErrors.VersionExists(published.SkillName, published.Version);
        }

        if (request.RequestId.Length > 0)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                InsertRequest, new { row.Publisher, row.RequestId, row.Digest, stored.Id, row.PublishTime }, transaction, cancellationToken: cancellationToken));
        }

        await transaction.CommitAsync(cancellationToken);
        Log.Published(logger, published.SkillName, published.Version);
        return Skill.Parser.ParseJson(stored.Content);
    }

    // Two calls with one request_id at the same time go one after the other.
    private static async Task SerializeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, CallerContext caller, string requestId, CancellationToken cancellationToken)
    {
        if (requestId.Length > 0)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "select pg_advisory_xact_lock(hashtextextended(@Key, 0))", new { Key = $"{caller.Principal}/{requestId}" }, transaction, cancellationToken: cancellationToken));
        }
    }

    private static async Task<Skill?> FindRequestAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, CallerContext caller, string requestId, SkillDraft draft, CancellationToken cancellationToken)
    {
        var stored = await connection.QuerySingleOrDefaultAsync<StoredRequest>(new CommandDefinition(
            SelectRequest, new { Publisher = caller.Principal, requestId }, transaction, cancellationToken: cancellationToken));
        if (stored is null)
        {
            return null;
        }

        return stored.Digest == draft.Digest ? Skill.Parser.ParseJson(stored.Content) : throw SkillErrors.RequestIdReused(requestId);
    }

    private AuditEvent Announcement(Skill skill, CallerContext caller) => new()
    {
        EventId = AuditEvent.NewId(clock),
        Timestamp = clock.GetUtcNow(),
        Action = "skill_publish",
        Result = "success",
        Service = "skills",
        RbacScope = Scope,
        Resource = new AuditResource { ProjectId = caller.Project, DocumentId = $"{skill.SkillName}@{skill.Version}", DocumentName = skill.SkillName },
        UserContext = new AuditUserContext { InitiatedBy = caller.Subject, OnBehalfOf = caller.OnBehalfOf },
        Attributes = new Dictionary<string, string> { ["version"] = skill.Version, ["digest"] = skill.Digest },
    };

    private sealed record Stored(Guid Id, string Digest, string Content);

    private sealed record StoredRequest(string Digest, string Content);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Published {SkillName} {Version}")]
        public static partial void Published(ILogger logger, string skillName, string version);
    }
}
