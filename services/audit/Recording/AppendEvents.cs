using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Mainstay.Audit.Integrity;
using Npgsql;

namespace Mainstay.Audit.Recording;

/// <summary>A message that could not be stored as an event.</summary>
internal sealed record DeadLetter(string Reason, byte[] Body);

/// <summary>Appends events to the chain, each id once, and keeps beside it what is none; all or nothing.</summary>
internal sealed class AppendEvents(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Where sinks hear of new entries.</summary>
    public const string Channel = "audit_event";

    private const string LockHead = "select sequence, hash from chain_head for update";

    private const string SelectKnown = """
        select event_id, entry::text as entry
        from audit_event
        where event_id = any(@EventIds)
        """;

    private const string Insert = """
        insert into audit_event (sequence, event_id, event_time, entry, hash, store_time)
        select sequence, event_id, event_time, entry::jsonb, hash, @StoreTime
        from unnest(@Sequences, @EventIds, @EventTimes, @Entries, @Hashes) as entry (sequence, event_id, event_time, entry, hash)
        """;

    private const string MoveHead = "update chain_head set sequence = @Sequence, hash = @Hash";

    private const string InsertDeadLetter = "insert into dead_letter (receive_time, reason, body) values (@ReceiveTime, @Reason, @Body)";

    /// <summary>Returns once everything is committed: how many entries are new, how many went to the dead letters.</summary>
    public async Task<(int Stored, int Dead)> ExecuteAsync(IReadOnlyList<IncomingEvent> events, IReadOnlyList<DeadLetter> deadLetters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var head = await connection.QuerySingleAsync<Head>(new CommandDefinition(LockHead, transaction: transaction, cancellationToken: cancellationToken));
        var known = (await connection.QueryAsync<Known>(new CommandDefinition(
                SelectKnown, new { EventIds = events.Select(one => one.EventId).ToArray() }, transaction, cancellationToken: cancellationToken)))
            .ToDictionary(row => row.EventId, row => JsonNode.Parse(row.Entry)!);

        var chained = new List<Chained>();
        var dead = deadLetters.ToList();
        foreach (var incoming in events)
        {
            if (known.TryAdd(incoming.EventId, incoming.Entry))
            {
                head = new Head(head.Sequence + 1, HashChain.Next(head.Hash, incoming.Entry));
                chained.Add(new Chained(head, incoming));
            }
            else if (!JsonNode.DeepEquals(known[incoming.EventId], incoming.Entry))
            {
                dead.Add(new DeadLetter($"The id {incoming.EventId} is taken by an event with other content.", Encoding.UTF8.GetBytes(incoming.Entry.ToJsonString())));
            }
        }

        await WriteAsync(connection, transaction, chained, dead, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (chained.Count, dead.Count);
    }

    private async Task WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, List<Chained> chained, List<DeadLetter> dead, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (chained.Count > 0)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                Insert,
                new
                {
                    StoreTime = now,
                    Sequences = chained.Select(one => one.Place.Sequence).ToArray(),
                    EventIds = chained.Select(one => one.Event.EventId).ToArray(),
                    EventTimes = chained.Select(one => one.Event.EventTime).ToArray(),
                    Entries = chained.Select(one => one.Event.Entry.ToJsonString()).ToArray(),
                    Hashes = chained.Select(one => one.Place.Hash).ToArray(),
                },
                transaction,
                cancellationToken: cancellationToken));
            await connection.ExecuteAsync(new CommandDefinition(MoveHead, chained[^1].Place, transaction, cancellationToken: cancellationToken));
            await connection.ExecuteAsync(new CommandDefinition($"notify {Channel}", transaction: transaction, cancellationToken: cancellationToken));
        }

        await connection.ExecuteAsync(new CommandDefinition(
            InsertDeadLetter, dead.Select(letter => new { ReceiveTime = now, letter.Reason, letter.Body }), transaction, cancellationToken: cancellationToken));
    }

    private sealed record Head(long Sequence, string Hash);

    private sealed record Known(string EventId, string Entry);

    private sealed record Chained(Head Place, IncomingEvent Event);
}
