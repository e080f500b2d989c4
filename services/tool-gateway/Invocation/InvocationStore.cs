using Dapper;
using Google.Protobuf;
using Mainstay.BusContracts;
using Mainstay.ServiceDefaults.Outbox;
using Mainstay.Tools.V1;
using Npgsql;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>Keeps calls under their idempotency keys: taken before the tool is called, with the result before it is told.</summary>
internal sealed class InvocationStore(NpgsqlDataSource database, AuditOutbox outbox, TimeProvider clock)
{
    // A key is taken when nobody has it, or when whoever had it died: then its lease has run out.
    private const string Claim = """
        insert into invocation (team, project, idempotency_key, request_digest, runner, lease_until, create_time)
        values (@Team, @Project, @Key, @Digest, @Runner, @LeaseUntil, @Now)
        on conflict (team, project, idempotency_key) do update
        set runner = excluded.runner, lease_until = excluded.lease_until
        where invocation.response is null and invocation.lease_until < @Now and invocation.request_digest = excluded.request_digest
        returning is_called
        """;

    private const string Select = """
        select request_digest, response::text as response
        from invocation
        where team = @Team and project = @Project and idempotency_key = @Key
        """;

    private const string Renew = """
        update invocation
        set lease_until = @LeaseUntil
        where team = @Team and project = @Project and idempotency_key = @Key and runner = @Runner
        """;

    private const string MarkCalled = """
        update invocation
        set is_called = true
        where team = @Team and project = @Project and idempotency_key = @Key and runner = @Runner
        """;

    private const string Release = """
        delete from invocation
        where team = @Team and project = @Project and idempotency_key = @Key and runner = @Runner and response is null
        """;

    private const string Keep = """
        update invocation
        set response = @Response::jsonb
        where team = @Team and project = @Project and idempotency_key = @Key and runner = @Runner and response is null
        """;

    /// <summary>How long a silent runner is believed to be alive.</summary>
    public static TimeSpan Lease { get; } = TimeSpan.FromSeconds(30);

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

    /// <summary>Notes that the tool is about to be called: from now on a dead runner may have called it.</summary>
    public Task MarkCalledAsync(InvocationKey key) => ExecuteAsync(MarkCalled, key);

    /// <summary>Frees the key of a call that was not made.</summary>
    public Task ReleaseAsync(InvocationKey key) => ExecuteAsync(Release, key);

    /// <summary>Stores a result with its audit event, together or not at all.</summary>
    public async Task KeepAsync(InvocationKey? key, CallToolResponse response, AuditEvent auditEvent)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (key is null || await connection.ExecuteAsync(Keep, Parameters(key, JsonFormatter.Default.Format(response)), transaction) == 1)
        {
            await outbox.AppendAsync(connection, transaction, auditEvent, CancellationToken.None);
        }

        await transaction.CommitAsync();
    }

    private async Task ExecuteAsync(string sql, InvocationKey key)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, Parameters(key));
    }

    private object Parameters(InvocationKey key, string? response = null) => new
    {
        key.Team,
        key.Project,
        key.Key,
        key.Digest,
        key.Runner,
        Response = response,
        Now = clock.GetUtcNow(),
        LeaseUntil = clock.GetUtcNow() + Lease,
    };

    private sealed record Row(string RequestDigest, string? Response);
}
