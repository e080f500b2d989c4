using System.Data;
using Dapper;
using Google.Protobuf;
using Mainstay.Llm.V1;
using Mainstay.ServiceDefaults.Outbox;
using Npgsql;

namespace Mainstay.LlmGateway.Completions;

/// <summary>Records how a completion ended: its answer under its key, its usage and its audit event, together or not at all.</summary>
internal sealed class RecordCompletion(NpgsqlDataSource database, AuditOutbox outbox, TimeProvider clock)
{
    private const string Keep = """
        update completion
        set answer = @Answer
        where team = @Team and project = @Project and principal = @Principal and idempotency_key = @Key and runner = @Runner and answer is null
        """;

    private const string Release = """
        delete from completion
        where team = @Team and project = @Project and principal = @Principal and idempotency_key = @Key and runner = @Runner and answer is null
        """;

    private const string Account = """
        insert into usage (
            id, team, project, principal, workflow_id, agent_id, model, provider, upstream_model,
            input_tokens, output_tokens, is_estimate, cost_micro_usd, record_time)
        values (
            @Id, @Team, @Project, @Principal, @WorkflowId, @AgentId, @Model, @Provider, @UpstreamModel,
            @InputTokens, @OutputTokens, @IsEstimate, @CostMicroUsd, @Now)
        """;

    /// <summary>Records an answer; false when another runner has taken the key over, so that its answer counts and not this one.</summary>
    public async Task<bool> SucceededAsync(CompletionJob job, CompletionClaim? claim, Completion completion, bool isEstimate, TimeSpan latency)
    {
        // Whatever became of the caller: the provider has answered, and that has to be accounted for.
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, CancellationToken.None);
        if (claim is not null && await connection.ExecuteAsync(Keep, Parameters(claim, completion.ToByteArray()), transaction) == 0)
        {
            await outbox.AppendAsync(connection, transaction, CompletionAudit.Superseded(clock, job, completion, latency), CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
            return false;
        }

        await connection.ExecuteAsync(Account, Row(job, completion, isEstimate), transaction);
        await outbox.AppendAsync(connection, transaction, CompletionAudit.Succeeded(clock, job, completion, isEstimate, latency), CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    /// <summary>Records a failure and frees the key for another try.</summary>
    public async Task FailedAsync(CompletionJob job, CompletionClaim? claim, string reason, TimeSpan latency)
    {
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, CancellationToken.None);
        if (claim is not null)
        {
            await connection.ExecuteAsync(Release, Parameters(claim, null), transaction);
        }

        await outbox.AppendAsync(connection, transaction, CompletionAudit.Failed(clock, job, reason, latency), CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>Records that a caller was not allowed to ask.</summary>
    public async Task DeniedAsync(CompletionJob job, string scope, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await outbox.AppendAsync(connection, null, CompletionAudit.Denied(clock, job, scope), cancellationToken);
    }

    private static object Parameters(CompletionClaim claim, byte[]? answer) => new
    {
        claim.Key.Team,
        claim.Key.Project,
        claim.Key.Principal,
        claim.Key.Key,
        claim.Runner,
        Answer = answer,
    };

    private object Row(CompletionJob job, Completion completion, bool isEstimate) => new
    {
        Id = Guid.CreateVersion7(clock.GetUtcNow()),
        job.Caller.Team,
        job.Caller.Project,
        job.Caller.Principal,
        job.Input.WorkflowId,
        job.Input.AgentId,
        job.Route.Model,
        completion.Provider,
        completion.UpstreamModel,
        completion.Usage.InputTokens,
        completion.Usage.OutputTokens,
        isEstimate,
        completion.Usage.CostMicroUsd,
        Now = clock.GetUtcNow(),
    };
}
