using System.Data;
using System.Text.Json.Nodes;
using Dapper;
using Mainstay.Audit.V1;
using Npgsql;

namespace Mainstay.Audit.Integrity;

/// <summary>Recomputes the chain over a range and names the first entry that is not as it was recorded.</summary>
internal sealed class VerifyChain(NpgsqlDataSource database)
{
    private const string SelectHead = "select sequence, hash from chain_head";

    private const string SelectHash = "select hash from audit_event where sequence = @Sequence";

    private const string SelectRange = """
        select sequence, event_id, event_time, entry::text as entry, hash
        from audit_event
        where sequence between @First and @Last
        order by sequence
        """;

    public async Task<VerifyChainResponse> ExecuteAsync(VerifyChainRequest request, CancellationToken cancellationToken)
    {
        Check(request);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);

        // One snapshot: what is appended meanwhile is no finding.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var head = await connection.QuerySingleAsync<Head>(new CommandDefinition(SelectHead, transaction: transaction, cancellationToken: cancellationToken));
        var first = Math.Max(request.FirstSequence, 1);
        var last = request.LastSequence == 0 ? head.Sequence : Math.Min(request.LastSequence, head.Sequence);
        if (first > last)
        {
            return new VerifyChainResponse { Intact = true };
        }

        var previous = first == 1
            ? HashChain.Genesis
            : await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(SelectHash, new { Sequence = first - 1 }, transaction, cancellationToken: cancellationToken));
        var walk = new ChainWalk(first, previous);
        await foreach (var row in connection.QueryUnbufferedAsync<ChainedRow>(SelectRange, new { First = first, Last = last }, transaction).WithCancellation(cancellationToken))
        {
            if (walk.Check(row) is { } finding)
            {
                return Broken(walk, finding);
            }
        }

        return walk.CheckEnd(last, last == head.Sequence ? head.Hash : null) is { } missing
            ? Broken(walk, missing)
            : new VerifyChainResponse { Intact = true, CheckedCount = walk.CheckedCount };
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

    private static VerifyChainResponse Broken(ChainWalk walk, string finding) =>
        new() { Intact = false, CheckedCount = walk.CheckedCount, BrokenSequence = walk.NextSequence, Finding = finding };

    private sealed record Head(long Sequence, string Hash);
}

/// <summary>An entry as the table holds it.</summary>
internal sealed record ChainedRow(long Sequence, string EventId, DateTime EventTime, string Entry, string Hash);

/// <summary>Walks along the chain; each entry must follow from the one before.</summary>
internal sealed class ChainWalk(long first, string? previousHash)
{
    private string? previousHash = previousHash;

    /// <summary>How many entries are as they were recorded.</summary>
    public long CheckedCount { get; private set; }

    /// <summary>The position that is looked at.</summary>
    public long NextSequence => first + CheckedCount;

    /// <summary>What is wrong with the next entry; null when nothing is.</summary>
    public string? Check(ChainedRow row)
    {
        if (previousHash is null || row.Sequence != NextSequence)
        {
            return $"Entry {(previousHash is null ? NextSequence - 1 : NextSequence)} was removed.";
        }

        var entry = JsonNode.Parse(row.Entry)!;
        if (HashChain.Next(previousHash, entry) != row.Hash)
        {
            return $"Entry {row.Sequence} ({row.EventId}) does not follow from the entry before it: one of them was altered or moved.";
        }

        if ((string?)entry["event_id"] != row.EventId || !IsSameTime(entry["timestamp"]!.GetValue<DateTimeOffset>(), row.EventTime))
        {
            return $"Entry {row.Sequence} ({row.EventId}) is filed under another id or time than it carries.";
        }

        previousHash = row.Hash;
        CheckedCount++;
        return null;
    }

    /// <summary>What is missing at the end; null when nothing is.</summary>
    public string? CheckEnd(long last, string? headHash) =>
        NextSequence <= last || (headHash is not null && headHash != previousHash)
            ? $"The chain ends before entry {last}: entries at its end were removed."
            : null;

    // A producer may write finer times than the column holds.
    private static bool IsSameTime(DateTimeOffset carried, DateTime filed) =>
        carried.UtcTicks / TimeSpan.TicksPerMicrosecond == filed.Ticks / TimeSpan.TicksPerMicrosecond;
}
