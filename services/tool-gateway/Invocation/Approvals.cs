using Dapper;
using Mainstay.Tools.V1;
using Npgsql;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>Holds approvals to exactly one call with exactly the arguments that a person saw.</summary>
internal sealed class Approvals(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Use = """
        insert into used_approval (team, approval_id, idempotency_key, arguments_digest, approver, use_time)
        values (@Team, @ApprovalId, @IdempotencyKey, @ArgumentsDigest, @Approver, @UseTime)
        on conflict (team, approval_id) do update
        set use_time = used_approval.use_time
        returning idempotency_key
        """;

    /// <summary>Refuses an approval of another caller, of other arguments, or that was used for another call.</summary>
    public async Task UseAsync(ToolInvocation invocation, Approval approval, CancellationToken cancellationToken)
    {
        if (!invocation.Caller.IsService)
        {
            throw ToolErrors.RoleMissing("Approvals are presented by the role 'service' alone: approve the call in the orchestrator, which presents it.");
        }

        if (invocation.Key is null || approval.ApprovalId.Length is 0 or > 256 || approval.Approver.Length == 0)
        {
            throw ToolErrors.FieldInvalid(("approval", "must have an approval_id and an approver, and the call an idempotency_key"));
        }

        if (approval.ArgumentsDigest != invocation.ArgumentsDigest)
        {
            throw ToolErrors.ApprovalMismatch(approval.ApprovalId, "is for other arguments. Ask for the approval of these.");
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var usedFor = await connection.QuerySingleAsync<string>(new CommandDefinition(
            Use,
            new
            {
                invocation.Caller.Team,
                approval.ApprovalId,
                invocation.Request.IdempotencyKey,
                invocation.ArgumentsDigest,
                approval.Approver,
                UseTime = clock.GetUtcNow(),
            },
            cancellationToken: cancellationToken));
        if (usedFor != invocation.Request.IdempotencyKey)
        {
            throw ToolErrors.ApprovalMismatch(approval.ApprovalId, "was used for another call. Ask for a new one.");
        }
    }
}
