using System.Data;
using System.Security.Cryptography;
using Dapper;
using Mainstay.Audit.Search;
using Mainstay.Audit.V1;
using Npgsql;

namespace Mainstay.Audit.Integrity;

/// <summary>Recomputes the chains and checkpoints over a range and names the first entry that is not as it was recorded.</summary>
internal sealed class VerifyChain(NpgsqlDataSource database, TrailRecords records)
{
    private const string SelectHead = "select sequence from chain_head";

    private const string SelectEnds = "select stream, sequence, hash from audit_stream where @Stream::text is null or stream = @Stream";

    public async Task<VerifyChainResponse> ExecuteAsync(VerifyChainRequest request, ReaderScope scope, CancellationToken cancellationToken)
    {
        Check(request);
        var stream = scope.Stream ?? (request.ProjectId.Length > 0 ? request.ProjectId : null);
        if (request.ProjectId.Length > 0 && request.ProjectId != stream)
        {
            return new VerifyChainResponse { Intact = true };
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);

        // One snapshot: what is appended meanwhile is no finding.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var head = await connection.ExecuteScalarAsync<long>(new CommandDefinition(SelectHead, transaction: transaction, cancellationToken: cancellationToken));
        var checkpoints = await records.CheckpointsAsync(connection, cancellationToken);
        var keys = await records.KeysAsync(connection, cancellationToken);
        if (!TryReadDropped(checkpoints, keys, out var dropped, out var forged))
        {
            return new VerifyChainResponse { Intact = false, BrokenSequence = checkpoints[^1].LastSequence, Finding = forged };
        }

        var first = Math.Max(request.FirstSequence, dropped + 1);

        // The end that was signed counts where the table of the head says less.
        var end = Math.Max(head, checkpoints.Count == 0 ? 0 : checkpoints[^1].LastSequence);
        var last = request.LastSequence == 0 ? end : Math.Min(request.LastSequence, end);
        var response = new VerifyChainResponse { Intact = true, DroppedThrough = dropped };
        if (first > last)
        {
            return response;
        }

        using var verification = new Verification(first, last, stream, checkpoints, keys, records);
        var finding = await verification.WalkAsync(connection, cancellationToken);
        if (finding is null && last == end)
        {
            var ends = await connection.QueryAsync<(string Stream, long Sequence, string Hash)>(new CommandDefinition(
                SelectEnds, new { Stream = stream }, transaction, cancellationToken: cancellationToken));
            finding = await verification.CheckEndsAsync(ends, isFromStart: first == dropped + 1);
        }

        response.CheckedCount = verification.EntryCount;
        response.CheckpointCount = verification.CheckpointCount;
        response.Intact = finding is null;
        response.BrokenSequence = finding?.Sequence ?? 0;
        response.Finding = finding?.Text ?? "";
        return response;
    }

    // What is missing at the beginning may be missing only if that was signed.
    private static bool TryReadDropped(IReadOnlyList<SignedCheckpoint> checkpoints, IReadOnlyDictionary<string, ECDsa> keys, out long dropped, out string forged)
    {
        (dropped, forged) = (0, "");
        if (checkpoints.Count == 0)
        {
            return true;
        }

        using var newest = new CheckpointWalk(1, null, keys, (_, _) => Task.FromResult<StreamHead?>(null));
        var statement = newest.Statement(checkpoints[^1], out var finding);
        (dropped, forged) = (statement?.DroppedThrough ?? 0, $"Checkpoint {checkpoints[^1].Number} {finding}.");
        return statement is not null;
    }

    private static void Check(VerifyChainRequest request)
    {
        if (request.FirstSequence < 0)
        {
            throw AuditErrors.FieldInvalid("first_sequence", "must be 1 or more, or 0 for the first");
        }

        if (request.LastSequence != 0 && request.LastSequence < Math.Max(request.FirstSequence, 1))
        {
            throw AuditErrors.FieldInvalid("last_sequence", "must not lie before first_sequence; 0 means the last");
        }
    }
}
