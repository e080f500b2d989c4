using System.Text;
using Dapper;
using Mainstay.Audit.Integrity;
using Npgsql;

namespace Mainstay.Audit.Recording;

/// <summary>Appends events to the trail, each id once, and keeps beside it what is none; all or nothing.</summary>
internal sealed class AppendEvents(NpgsqlDataSource database, AuditPartitions partitions, TimeProvider clock)
{
    /// <summary>Where sinks and followers hear of new entries.</summary>
    public const string Channel = "audit_event";

    // Whoever holds the row of chain_head appends; the others wait, so that places are given in the order of the commits. What follows is read after the
    // row is held, by a snapshot of its own each.
    private const string Prepare = """
        select sequence from chain_head for update;

        select stream, sequence, hash
        from audit_stream
        where stream = any(@Streams);

        select event_id, entry
        from audit_event
        where event_id = any(@EventIds)
        """;

    private const string MoveHeads = $"""
        with moved as (
            insert into audit_stream (stream, sequence, hash)
            select stream, sequence, hash from unnest(@Streams, @Sequences, @Hashes) as head (stream, sequence, hash)
            on conflict (stream) do update
            set sequence = excluded.sequence, hash = excluded.hash
        ), told as (
            select pg_notify('{Channel}', '')
        )
        update chain_head set sequence = @Sequence from told
        """;

    private const string InsertDeadLetter = """
        insert into dead_letter (receive_time, reason, body)
        values (@ReceiveTime, @Reason, @Body)
        on conflict (digest) do update
        set receive_count = dead_letter.receive_count + 1, last_receive_time = excluded.receive_time, reason = excluded.reason
        """;

    /// <summary>Returns once everything is committed.</summary>
    public async Task<Appended> ExecuteAsync(IReadOnlyList<IncomingEvent> events, IReadOnlyList<DeadLetter> deadLetters, CancellationToken cancellationToken)
    {
        try
        {
            return await CommitAsync(events, deadLetters, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.CheckViolation)
        {
            // No partition for now: the clock went back to a month that retention has dropped.
            partitions.Forget();
            return await CommitAsync(events, deadLetters, cancellationToken);
        }
    }

    private async Task<Appended> CommitAsync(IReadOnlyList<IncomingEvent> events, IReadOnlyList<DeadLetter> deadLetters, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await partitions.EnsureAsync(connection, now, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var appended = new Appended(0, 0, []);
        if (events.Count > 0)
        {
            appended = await AppendAsync(connection, transaction, events, now, cancellationToken);
        }

        await connection.ExecuteAsync(new CommandDefinition(
            InsertDeadLetter,
            deadLetters.Concat(appended.Taken).Select(letter => new { ReceiveTime = now, letter.Reason, letter.Body }),
            transaction,
            cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return appended;
    }

    private static async Task<Appended> AppendAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<IncomingEvent> events, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var streams = events.Select(one => one.Stream).Distinct().ToArray();
        var eventIds = events.Select(one => one.EventId).ToArray();
        ChainEvents chain;
        Dictionary<string, byte[]> known;
        await using (var prepared = await connection.QueryMultipleAsync(new CommandDefinition(
            Prepare, new { streams, eventIds }, transaction, commandTimeout: 0, cancellationToken: cancellationToken)))
        {
            var sequence = await prepared.ReadSingleAsync<long>();
            var heads = await prepared.ReadAsync<(string Stream, long Sequence, string Hash)>();
            chain = new ChainEvents(sequence, heads.ToDictionary(head => head.Stream, head => new StreamHead(head.Sequence, head.Hash)));
            known = (await prepared.ReadAsync<(string EventId, string Entry)>()).ToDictionary(row => row.EventId, row => Encoding.UTF8.GetBytes(row.Entry));
        }

        var chained = new List<ChainedEvent>(events.Count);
        var taken = new List<DeadLetter>();
        foreach (var incoming in events)
        {
            if (known.TryAdd(incoming.EventId, incoming.Entry))
            {
                chained.Add(chain.Append(incoming));
            }
            else if (!EntryText.IsSame(known[incoming.EventId], incoming.Entry))
            {
                taken.Add(new DeadLetter($"The id {incoming.EventId} is taken by an event with other content.", incoming.Entry));
            }
        }

        if (chained.Count > 0)
        {
            await CopyEvents.ExecuteAsync(connection, chained, now, cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(
                MoveHeads,
                new
                {
                    chain.Sequence,
                    Streams = chain.Moved.Keys.ToArray(),
                    Sequences = chain.Moved.Values.Select(head => head.Sequence).ToArray(),
                    Hashes = chain.Moved.Values.Select(head => head.Hash).ToArray(),
                },
                transaction,
                cancellationToken: cancellationToken));
        }

        return new Appended(chained.Count, events.Count - chained.Count - taken.Count, taken);
    }
}
