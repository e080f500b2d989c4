using Dapper;
using Google.Protobuf;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Access;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.Changes;
using Mainstay.Skills.Comparing;
using Mainstay.Skills.Index;
using Mainstay.Skills.Tools;
using Mainstay.Skills.V1;
using Mainstay.Skills.Versions;
using Npgsql;

namespace Mainstay.Skills.Publishing;

/// <summary>Stores one version of a skill, published for good or as a draft, once however often it is asked.</summary>
internal sealed partial class RegisterSkill(
    NpgsqlDataSource database,
    SkillIndex index,
    CheckTools tools,
    CompatibilityGate compatibility,
    RecordChange changes,
    SkillsPolicy policy,
    TimeProvider clock,
    ILogger<RegisterSkill> logger)
{
    // A draft makes way; anything else stays as it is.
    private const string Upsert = """
        insert into skill_version (
            id, skill_name, version, version_order, is_prerelease, digest, content, rbac_scope,
            author, publisher, publish_time, state, state_time, state_author)
        values (
            @Id, @SkillName, @Version, @VersionOrder, @IsPrerelease, @Digest, @Content::jsonb, @RbacScope,
            @Author, @Publisher, @PublishTime, @State, @Now, @Author)
        on conflict (skill_name, version) do update
        set digest = excluded.digest, content = excluded.content, rbac_scope = excluded.rbac_scope, author = excluded.author,
            publisher = excluded.publisher, publish_time = excluded.publish_time,
            state = excluded.state, state_time = excluded.state_time, state_author = excluded.state_author
        where skill_version.state = 'draft' and (skill_version.digest <> excluded.digest or excluded.state <> 'draft')
        """;

    private const string SelectVersion = $"""
        select version.id, {SkillRow.Columns}
        from skill_version version
        where version.skill_name = @SkillName and version.version = @Version
        """;

    private const string SelectIsReleased = """
        select exists (select from skill_version where skill_name = @SkillName and version = @Version and digest = @Digest and state <> 'draft')
        """;

    /// <summary>Stores a version, or returns the one that is there with the same content.</summary>
    public async Task<RegisterSkillResponse> ExecuteAsync(RegisterSkillRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        caller.Require(request.Draft ? SkillScopes.Draft : SkillScopes.Publish);
        var content = SkillContent.From(request.Skill);
        var warnings = await ToolWarningsAsync(content, request.Draft, caller, cancellationToken);
        var stored = await StoreOnceAsync(request, content, caller, cancellationToken);
        return new RegisterSkillResponse { Skill = stored, Warnings = { warnings } };
    }

    // Another service is asked before anything is locked, and only about what is not released already: repeating that stays harmless.
    private async Task<IReadOnlyList<string>> ToolWarningsAsync(SkillContent content, bool isDraft, CallerContext caller, CancellationToken cancellationToken)
    {
        if (!isDraft)
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                SelectIsReleased, new { content.Skill.SkillName, content.Skill.Version, content.Digest }, cancellationToken: cancellationToken)))
            {
                return [];
            }
        }

        return await tools.ExecuteAsync(content.Skill, isDraft, caller, cancellationToken);
    }

    private async Task<Skill> StoreOnceAsync(RegisterSkillRequest request, SkillContent content, CallerContext caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await RequestMemory.RecallAsync(connection, transaction, caller.Principal, request.RequestId, cancellationToken) is { } repeated)
        {
            return repeated.Digest == content.Digest ? repeated.Row.ToSkill() : throw SkillErrors.RequestIdReused(request.RequestId);
        }

        await LockSkill.NewOrExistingAsync(connection, transaction, content.Skill.SkillName, caller, cancellationToken);
        if (await StoreAsync(connection, transaction, content, request.Draft, caller, cancellationToken))
        {
            await AnnounceAsync(connection, transaction, content, request.Draft, caller, cancellationToken);
        }

        var (id, stored) = await ReadAsync(connection, transaction, content.Skill, cancellationToken);
        if (stored.Digest != content.Digest)
        {
            throw SkillErrors.VersionExists(content.Skill.SkillName, content.Skill.Version);
        }

        await RequestMemory.RememberAsync(connection, transaction, caller.Principal, request.RequestId, content.Digest, id, clock.GetUtcNow(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        index.Forget(content.Skill.SkillName);
        Log.Registered(logger, content.Skill.SkillName, content.Skill.Version, stored.State);
        return stored.ToSkill();
    }

    private async Task<bool> StoreAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, SkillContent content, bool isDraft, CallerContext caller, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var row = new
        {
            Id = Guid.CreateVersion7(now),
            content.Skill.SkillName,
            content.Skill.Version,
            VersionOrder = SemanticVersionOrder.Of(content.Version),
            content.Version.IsPrerelease,
            content.Digest,
            Content = JsonFormatter.Default.Format(content.Skill),
            content.Skill.RbacScope,
            Author = caller.Principal,
            Publisher = isDraft ? "" : caller.Principal,
            PublishTime = isDraft ? (DateTimeOffset?)null : now,
            State = isDraft ? SkillStates.Draft : SkillStates.Published,
            Now = now,
        };
        return await connection.ExecuteAsync(new CommandDefinition(Upsert, row, transaction, cancellationToken: cancellationToken)) == 1;
    }

    private async Task AnnounceAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, SkillContent content, bool isDraft, CallerContext caller, CancellationToken cancellationToken)
    {
        if (!isDraft)
        {
            // Only what would be stored is held to the rules: repeating what is there stays harmless.
            if (policy.NeedsSecondPerson)
            {
                throw SkillErrors.SecondPersonNeeded(content.Skill.SkillName, content.Skill.Version);
            }

            await compatibility.RequireAsync(connection, transaction, content.Skill, cancellationToken);
            await NewestVersion.RefreshAsync(connection, transaction, content.Skill.SkillName, cancellationToken);
        }

        var change = new ChangeNote(
            isDraft ? "skill_draft" : "skill_publish", isDraft ? SkillScopes.Draft : SkillScopes.Publish, content.Skill.SkillName, content.Skill.Version)
        {
            Facts = new Dictionary<string, string> { ["version"] = content.Skill.Version, ["digest"] = content.Digest },
        };
        await changes.ExecuteAsync(connection, transaction, change, caller, cancellationToken);
    }

    private static async Task<(Guid Id, SkillRow Row)> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Skill skill, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<Guid, SkillRow, (Guid, SkillRow)>(
            new CommandDefinition(SelectVersion, new { skill.SkillName, skill.Version }, transaction, cancellationToken: cancellationToken),
            (id, row) => (id, row),
            splitOn: "content")).Single();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Registered {SkillName} {Version}, which is {State}")]
        public static partial void Registered(ILogger logger, string skillName, string version, string state);
    }
}
