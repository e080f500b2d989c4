using Dapper;
using Mainstay.Llm.V1;
using Npgsql;

namespace Mainstay.LlmGateway.Completions;

/// <summary>What came of the attempt to take an idempotency key.</summary>
/// <param name="Claim">The claim, when the key is now ours.</param>
/// <param name="Answer">The stored answer, when there is one.</param>
internal sealed record ClaimOutcome(CompletionClaim? Claim, Completion? Answer)
{
    /// <summary>Whether another runner has the key.</summary>
    public bool IsBusy => Claim is null && Answer is null;
}

/// <summary>A key that a runner has taken.</summary>
internal sealed record CompletionClaim(CompletionKey Key, Guid Runner);

/// <summary>Gives each idempotency key to one runner at a time, among all processes of the gateway.</summary>
internal sealed class CompletionClaims(NpgsqlDataSource database, IdempotencySettings settings, TimeProvider clock)
{
    // A key is taken when nobody has it, or when whoever had it fell silent. The database's clock counts: those of processes differ.
    private const string Claim = """
        insert into completion (team, project, principal, idempotency_key, request_digest, runner, lease_until, create_time)
        values (@Team, @Project, @Principal, @Key, @Digest, @Runner, now() + @Lease, now())
        on conflict (team, project, principal, idempotency_key) do update
        set runner = excluded.runner, lease_until = excluded.lease_until
        where completion.answer is null and completion.lease_until < now() and completion.request_digest = excluded.request_digest
        """;

    private const string Select = """
        select request_digest, answer
        from completion
        where team = @Team and project = @Project and principal = @Principal and idempotency_key = @Key
        """;

    private const string Renew = """
        update completion
        set lease_until = now() + @Lease
        where team = @Team and project = @Project and principal = @Principal and idempotency_key = @Key and runner = @Runner
        """;

    /// <summary>Takes a key, or finds its answer; refuses a key that was used for another request.</summary>
    public async Task<ClaimOutcome> TakeAsync(CompletionKey key, CancellationToken cancellationToken)
    {
        var claim = new CompletionClaim(key, Guid.CreateVersion7(clock.GetUtcNow()));
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await connection.ExecuteAsync(new CommandDefinition(Claim, Parameters(claim), cancellationToken: cancellationToken)) == 1)
        {
            return new ClaimOutcome(claim, null);
        }

        return new ClaimOutcome(null, await FindAsync(connection, key, cancellationToken));
    }

    /// <summary>The answer under a key; null when there is none yet.</summary>
    public async Task<Completion?> FindAsync(CompletionKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await FindAsync(connection, key, cancellationToken);
    }

    /// <summary>Says that a runner lives.</summary>
    public async Task RenewAsync(CompletionClaim claim, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Renew, Parameters(claim), cancellationToken: cancellationToken));
    }

    private static async Task<Completion?> FindAsync(NpgsqlConnection connection, CompletionKey key, CancellationToken cancellationToken)
    {
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            Select, new { key.Team, key.Project, key.Principal, key.Key }, cancellationToken: cancellationToken));
        if (row is not null && row.RequestDigest != key.Digest)
        {
            throw LlmErrors.IdempotencyKeyReused(key.Key);
        }

        return row?.Answer is { } answer ? Completion.Parser.ParseFrom(answer) : null;
    }

    private object Parameters(CompletionClaim claim) => new
    {
        claim.Key.Team,
        claim.Key.Project,
        claim.Key.Principal,
        claim.Key.Key,
        claim.Key.Digest,
        claim.Runner,
        settings.Lease,
    };

    private sealed record Row(string RequestDigest, byte[]? Answer);
}
