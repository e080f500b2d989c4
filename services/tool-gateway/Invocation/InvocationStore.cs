using Dapper;
using Google.Protobuf;
using Mainstay.BusContracts;
using Mainstay.ServiceDefaults.Outbox;
using Mainstay.Tools.V1;
using Npgsql;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>Keeps calls under their idempotency keys: taken before the tool is called, with the result before it is told.</summary>
internal sealed class InvocationStore(NpgsqlDataSource database, AuditOutbox outbox, IdempotencySettings settings, TimeProvider clock)
{
    // A key is taken when nobody has it, when whoever had it died (then its lease has run out), or when its call has been approved since.
    private const string Claim = """
        insert into invocation (team, project, idempotency_key, request_digest, runner, lease_until, create_time)
        values (@Team, @Project, @Key, @Digest, @Runner, @LeaseUntil, @Now)
        on conflict (team, project, idempotency_key) do update
        set runner = excluded.runner, lease_until = excluded.lease_until, response = null, awaits_approval = false
        where invocation.request_digest = excluded.request_digest
            and ((invocation.response is null and invocation.lease_until < @Now) or (invocation.awaits_approval and @IsApproved))
        returning is_called
        """;

    private const string Select = """
        select request_digest, response
        from invocation
        where team = @Team and project = @Project and idempotency_key = @Key
        """;

    private const string Renew = """
        update invocation
        set lease_until = @LeaseUntil
        where team = @Team and project = @Project and idempotency_key = @Key and runner = @Runner
        """;

    // What may have been called must stay known as such; it is only no longer waited for.
    private const string Release = """
        with called as (
            update invocation
            set lease_until = @Now
            where team = @Team and project = @Project and idempotency_key = @Key and runner = @Runner and response is null and is_called
        )
        delete from invocation
        where team = @Team and project = @Project and idempotency_key = @Key and runner = @Runner and response is null and not is_called
        """;

    private const string Keep = """
        update invocation
        set response = @Response, awaits_approval = @AwaitsApproval
        where team = @Team and project = @Project and idempotency_key = @Key and runner = @Runner and response is null
        """;

    /// <summary>Takes a key. Null when another has it or its result is there; else whether an earlier runner, now dead, may have called the tool.</summary>
    public async Task<bool?> ClaimAsync(InvocationKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<bool?>(new CommandDefinition(Claim, Parameters(key), cancellationToken: cancellationToken));
    }

    /// <summary>What stands under a key: the digest of its request, and the result once it is there.</summary>
    public async Task<(string Digest, CallToolResponse? Response)?> FindAsync(InvocationKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(Select, Parameters(key), cancellationToken: cancellationToken));
        return row is null ? null : (row.RequestDigest, row.Response is null ? null : CallToolResponse.Parser.ParseJson(row.Response));
    }

    /// <summary>Says that the runner of a key lives.</summary>
    public Task RenewAsync(InvocationKey key) => ExecuteAsync(Renew, key);

    /// <summary>Frees the key of a call that has no result.</summary>
    public Task ReleaseAsync(InvocationKey key) => ExecuteAsync(Release, key);

    /// <summary>Stores a result with its audit event, together or not at all. False when another has taken the key over, whose result is the one that counts.</summary>
    public async Task<bool> KeepAsync(InvocationKey? key, CallToolResponse response, AuditEvent auditEvent)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (key is not null && await connection.ExecuteAsync(Keep, Parameters(key, response), transaction) == 0)
        {
            return false;
        }

        await outbox.AppendAsync(connection, transaction, auditEvent, CancellationToken.None);
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>Records a call that ended without a result.</summary>
    public async Task RecordAsync(AuditEvent auditEvent)
    {
        await using var connection = await database.OpenConnectionAsync();
        await outbox.AppendAsync(connection, null, auditEvent, CancellationToken.None);
    }

    private async Task ExecuteAsync(string sql, InvocationKey key)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, Parameters(key));
    }

    private object Parameters(InvocationKey key, CallToolResponse? response = null) => new
    {
        key.Team,
        key.Project,
        key.Key,
        key.Digest,
        key.Runner,
        key.IsApproved,
        Response = response is null ? null : JsonFormatter.Default.Format(response),
        AwaitsApproval = response?.Outcome == CallOutcome.NeedsApproval,
        Now = clock.GetUtcNow(),
        LeaseUntil = clock.GetUtcNow() + settings.Lease,
    };

    private sealed record Row(string RequestDigest, string? Response);
}
