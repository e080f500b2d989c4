using Dapper;
using Npgsql;

namespace Mainstay.Audit.Recording;

/// <summary>Appends what several have brought in one transaction: all or nothing.</summary>
internal sealed class CommitEvents(NpgsqlDataSource database, AuditPartitions partitions, TimeProvider clock)
{
    private const string MoveHeads = $"""
        with moved as (
            insert into audit_stream (stream, sequence, hash)
            select stream, sequence, hash from unnest(@Streams, @Sequences, @Hashes) as head (stream, sequence, hash)
            on conflict (stream) do update
            set sequence = excluded.sequence, hash = excluded.hash
        ), told as (
            select pg_notify('{AppendEvents.Channel}', '')
        )
        update chain_head set sequence = @Sequence from told
        """;

    private const string InsertDeadLetter = """
        insert into dead_letter (receive_time, reason, body)
        values (@ReceiveTime, @Reason, @Body)
        on conflict (digest) do update
        set receive_count = dead_letter.receive_count + 1, last_receive_time = excluded.receive_time, reason = excluded.reason
        """;

    private readonly CopyEvents copy = new();

    // Kept from one commit to the next: the process of another connection would not have the trail's pages and plans at hand.
    private NpgsqlConnection? kept;

    // What comes twice comes in runs, as after a connection that broke.
    private bool expectsKnown;

    /// <summary>Returns, once everything is committed, what became of each part; one at a time. Calls back while the database copies the rows, if there are any.</summary>
    public IReadOnlyList<Appended> Execute(IReadOnlyList<AppendPart> parts, Action whileCopying)
    {
        try
        {
            return Commit(parts, expectsKnown, whileCopying);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation && !expectsKnown)
        {
            return Commit(parts, looksEverywhere: true, whileCopying);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.CheckViolation)
        {
            // No partition for now: the clock went back to a month that retention has dropped.
            partitions.Forget();
            return Commit(parts, looksEverywhere: true, whileCopying);
        }
    }

    /// <summary>Gives back what is kept for a next commit.</summary>
    public void Rest()
    {
        kept?.Dispose();
        kept = null;
    }

    /// <summary>Leaves the ends of the chains where the next events are to be linked to, and tells sinks and followers.</summary>
    public static void Move(NpgsqlConnection connection, NpgsqlTransaction transaction, ChainEvents chain) => connection.Execute(
        MoveHeads,
        new
        {
            chain.Sequence,
            Streams = chain.Moved.Keys.ToArray(),
            Sequences = chain.Moved.Values.Select(head => head.Sequence).ToArray(),
            Hashes = chain.Moved.Values.Select(head => head.Hash).ToArray(),
        },
        transaction);

    private NpgsqlConnection Open()
    {
        var opened = database.OpenConnection();
        try
        {
            OpenChain.Prepare(opened);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private List<Appended> Commit(IReadOnlyList<AppendPart> parts, bool looksEverywhere, Action whileCopying)
    {
        var now = clock.GetUtcNow();
        var connection = kept ??= Open();
        partitions.Ensure(connection, now);
        using var transaction = connection.BeginTransaction();
        var events = parts.SelectMany(part => part.Events).ToList();
        var chain = events.Count == 0 ? new ChainEvents(0, [], []) : OpenChain.Execute(connection, events, looksEverywhere ? null : now);
        var appended = parts.Select(part => chain.Append(part.Events)).ToList();
        if (chain.NewCount > 0)
        {
            copy.Execute(connection, chain.Chained(), now, whileCopying);
            Move(connection, transaction, chain);
        }

        connection.Execute(
            InsertDeadLetter,
            parts.SelectMany(part => part.DeadLetters).Concat(appended.SelectMany(one => one.Taken)).Select(letter => new { ReceiveTime = now, letter.Reason, letter.Body }),
            transaction);
        transaction.Commit();
        expectsKnown = chain.NewCount < events.Count;
        return appended;
    }
}
