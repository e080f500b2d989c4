using Mainstay.Audit.Search;
using Mainstay.Audit.V1;
using Npgsql;

namespace Mainstay.Audit.Integrity;

/// <summary>Recomputes the chains and checkpoints over a range and names the first entry that is not as it was recorded.</summary>
internal sealed class VerifyChain(NpgsqlDataSource database, TrustedKeys trustedKeys)
{
    public async Task<VerifyChainResponse> ExecuteAsync(VerifyChainRequest request, ReaderScope scope, CancellationToken cancellationToken)
    {
        Check(request);
        var stream = scope.Stream ?? (request.ProjectId.Length > 0 ? request.ProjectId : null);
        if (request.ProjectId.Length > 0 && request.ProjectId != stream)
        {
            return new VerifyChainResponse { Intact = true };
        }

        using var keys = await trustedKeys.ReadAsync(cancellationToken);
        await using var records = await TrailRecords.OpenAsync(database, cancellationToken);
        if (!TryReadDropped(records.Newest, keys, out var dropped, out var forged))
        {
            return new VerifyChainResponse { Intact = false, BrokenSequence = records.Newest!.LastSequence, Finding = forged };
        }

        // The end that was signed counts where the table of the head says less.
        var end = Math.Max(records.Head, records.Newest?.LastSequence ?? 0);
        var first = Math.Max(request.FirstSequence, dropped + 1);
        var last = request.LastSequence == 0 ? end : Math.Min(request.LastSequence, end);
        var response = new VerifyChainResponse { Intact = true, DroppedThrough = dropped };
        if (first > last)
        {
            return response;
        }

        using var verification = new Verification(first, last, stream, keys.ById, records);
        var finding = await verification.WalkAsync(cancellationToken);
        if (finding is null && last == end)
        {
            finding = await verification.CheckEndsAsync(isFromStart: first == dropped + 1, cancellationToken);
        }

        response.CheckedCount = verification.EntryCount;
        response.CheckpointCount = verification.CheckpointCount;
        response.Intact = finding is null;
        response.BrokenSequence = finding?.Sequence ?? 0;
        response.Finding = finding?.Text ?? "";
        return response;
    }

    // What is missing at the beginning may be missing only if that was signed.
    private static bool TryReadDropped(SignedCheckpoint? newest, KeySet keys, out long dropped, out string forged)
    {
        (dropped, forged) = (0, "");
        if (newest is null)
        {
            return true;
        }

        using var walk = new CheckpointWalk(1, null, keys.ById, (_, _) => Task.FromResult<StreamHead?>(null));
        var statement = walk.Statement(newest, out var finding);
        (dropped, forged) = (statement?.DroppedThrough ?? 0, $"Checkpoint {newest.Number} {finding}.");
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
