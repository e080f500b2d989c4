using Dapper;
using Npgsql;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>Writes down, just before a tool is called, that it may have been from now on; and takes the approval that the call needs.</summary>
internal sealed class BeginCall(NpgsqlDataSource database, TimeProvider clock)
{
    private const string MarkCalled = """
        update invocation
        set is_called = true
        where team = @Team and project = @Project and idempotency_key = @Key and runner = @Runner
        """;

    // Taken once; again only by the call that took it, which its key tells.
    private const string TakeApproval = """
        insert into used_approval (approval_id, team, project, idempotency_key, arguments_digest, approver, use_time)
        values (@ApprovalId, @Team, @Project, @Key, @ArgumentsDigest, @Approver, @UseTime)
        on conflict (approval_id) do update
        set use_time = used_approval.use_time
        where used_approval.team = @Team and used_approval.project = @Project and used_approval.idempotency_key = @Key
            and used_approval.arguments_digest = @ArgumentsDigest and @Key <> ''
        """;

    /// <summary>Notes both, together or not at all; refuses an approval that was used for another call.</summary>
    public async Task ExecuteAsync(ToolInvocation invocation, bool needsApproval, bool isRepeatable, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (needsApproval)
        {
            await TakeAsync(connection, transaction, invocation, cancellationToken);
        }

        // What may be repeated is simply called again when the gateway dies.
        if (invocation.Key is { } key && !isRepeatable)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                MarkCalled, new { key.Team, key.Project, key.Key, key.Runner }, transaction, cancellationToken: cancellationToken));
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private async Task TakeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ToolInvocation invocation, CancellationToken cancellationToken)
    {
        var approval = invocation.Request.Approval;
        var taken = await connection.ExecuteAsync(new CommandDefinition(
            TakeApproval,
            new
            {
                approval.ApprovalId,
                invocation.Caller.Team,
                invocation.Caller.Project,
                Key = invocation.Request.IdempotencyKey,
                invocation.ArgumentsDigest,
                approval.Approver,
                UseTime = clock.GetUtcNow(),
            },
            transaction,
            cancellationToken: cancellationToken));
        if (taken == 0)
        {
            throw ToolErrors.ApprovalMismatch(approval.ApprovalId, "was used for another call. Ask for a new one.");
        }
    }
}
