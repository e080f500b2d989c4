using Dapper;
using Google.Protobuf;
using Mainstay.Llm.V1;
using Mainstay.ServiceDefaults.Outbox;
using Npgsql;

namespace Mainstay.LlmGateway.Completions;

/// <summary>Keeps answers under their idempotency keys, and the accounts of what was used.</summary>
internal sealed class CompletionStore(NpgsqlDataSource database, AuditOutbox outbox, TimeProvider clock)
{
    // A key is taken when nobody has it, or when whoever had it died: then its lease has run out.
    private const string Claim = """
        insert into completion (team, project, idempotency_key, request_digest, runner, lease_until, create_time)
        values (@Team, @Project, @Key, @Digest, @Runner, @LeaseUntil, @Now)
        on conflict (team, project, idempotency_key) do update
        set runner = excluded.runner, lease_until = excluded.lease_until
        where completion.answer is null and completion.lease_until < @Now and completion.request_digest = excluded.request_digest
        """;

    private const string Select = """
        select request_digest, answer::text as answer
        from completion
        where team = @Team and project = @Project and idempotency_key = @Key
        """;

    private const string Renew = """
        update completion
        set lease_until = @LeaseUntil
        where team = @Team and project = @Project and idempotency_key = @Key and runner = @Runner
        """;

    private const string Release = """
        delete from completion
        where team = @Team and project = @Project and idempotency_key = @Key and runner = @Runner and answer is null
        """;

    private const string Keep = """
        update completion
        set answer = @Answer::jsonb
        where team = @Team and project = @Project and idempotency_key = @Key and runner = @Runner and answer is null
        """;

    private const string Account = """
        insert into usage (
            id, team, project, principal, workflow_id, agent_id, model, provider, upstream_model, input_tokens, output_tokens, cost_micro_usd, record_time)
        values (
            @Id, @Team, @Project, @Principal, @WorkflowId, @AgentId, @Model, @Provider, @UpstreamModel, @InputTokens, @OutputTokens, @CostMicroUsd, @Now)
        """;

    /// <summary>How long a silent runner is believed to be alive.</summary>
    public static TimeSpan Lease { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Takes a key; false when another has it or its answer is there.</summary>
    public async Task<bool> ClaimAsync(CompletionKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(Claim, Parameters(key), cancellationToken: cancellationToken)) == 1;
    }

    /// <summary>What stands under a key: the digest of its request, and the answer once it is there.</summary>
    public async Task<(string Digest, Completion? Answer)?> FindAsync(CompletionKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(Select, Parameters(key), cancellationToken: cancellationToken));
        return row is null ? null : (row.RequestDigest, row.Answer is null ? null : Completion.Parser.ParseJson(row.Answer));
    }

    /// <summary>Says that the runner of a key lives.</summary>
    public Task RenewAsync(CompletionKey key, CancellationToken cancellationToken) => ExecuteAsync(Renew, key, cancellationToken);

    /// <summary>Stores an answer, its usage and its audit event, together or not at all.</summary>
    public async Task KeepAsync(CompletionJob job, Completion completion, TimeSpan latency)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (job.Key is { } key
            && await connection.ExecuteAsync(Keep, Parameters(key, JsonFormatter.Default.Format(completion)), transaction) == 0)
        {
            // Another took over when this runner was thought dead; its answer stands and is accounted for.
            return;
        }

        var usage = completion.Usage;
        await connection.ExecuteAsync(
            Account,
            new
            {
                Id = Guid.CreateVersion7(clock.GetUtcNow()),
                job.Caller.Team,
                job.Caller.Project,
                job.Caller.Principal,
                job.Input.WorkflowId,
                job.Input.AgentId,
                job.Route.Model,
                job.Route.Provider,
                job.Route.UpstreamModel,
                usage.InputTokens,
                usage.OutputTokens,
                usage.CostMicroUsd,
                Now = clock.GetUtcNow(),
            },
            transaction);
        await outbox.AppendAsync(connection, transaction, CompletionAudit.Succeeded(clock, job, usage, latency), CancellationToken.None);
        await transaction.CommitAsync();
    }

    /// <summary>Frees the key of a failed question for another try, and records the failure.</summary>
    public async Task FailAsync(CompletionJob job, string reason, TimeSpan latency)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (job.Key is { } key)
        {
            await connection.ExecuteAsync(Release, Parameters(key), transaction);
        }

        await outbox.AppendAsync(connection, transaction, CompletionAudit.Failed(clock, job, reason, latency), CancellationToken.None);
        await transaction.CommitAsync();
    }

    private async Task ExecuteAsync(string sql, CompletionKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(sql, Parameters(key), cancellationToken: cancellationToken));
    }

    private object Parameters(CompletionKey key, string? answer = null) => new
    {
        key.Team,
        key.Project,
        key.Key,
        key.Digest,
        key.Runner,
        Answer = answer,
        Now = clock.GetUtcNow(),
        LeaseUntil = clock.GetUtcNow() + Lease,
    };

    private sealed record Row(string RequestDigest, string? Answer);
}
