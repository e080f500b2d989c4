using Npgsql;
using NpgsqlTypes;

namespace Mainstay.Audit.Recording;

/// <summary>Takes hold of the end of the trail, and reads what new events are to be linked to and which of them are there already.</summary>
internal static class OpenChain
{
    // Whoever holds this row appends; the others wait, so that places are given in the order of the commits. What follows is read after the row is held,
    // by a snapshot of its own each.
    private const string HoldEnd = "select sequence from chain_head for update";

    private const string SelectHeads = """
        select stream, sequence, hash
        from audit_stream
        where stream = any($1)
        """;

    // Ids grow with time, so that hardly one has to be looked for in a month that is over.
    private const string SelectKnown = """
        select event_id, entry
        from audit_event
        where (store_time < $2 or store_time >= $3) and event_id = any(array(
            select event_id
            from unnest($1) as incoming (event_id)
            where event_id <= (select max(event_id) from audit_event where store_time < $2 or store_time >= $3)))
        """;

    /// <summary>Prepares for a connection, outside of a transaction: within one, who waits for the end would hold the tables already, for which who has the end may be waiting.</summary>
    public static void Prepare(NpgsqlConnection connection)
    {
        using var batch = Batch(connection, [], DateTime.UnixEpoch, DateTime.UnixEpoch);
        batch.Prepare();
    }

    /// <summary>Looks everywhere but in the month of a time, whose index refuses what it has; everywhere without one.</summary>
    public static ChainEvents Execute(NpgsqlConnection connection, IReadOnlyList<IncomingEvent> events, DateTimeOffset? month)
    {
        var from = month is { } now ? new DateTime(now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, DateTimeKind.Utc) : DateTime.UnixEpoch;
        var until = month is null ? from : from.AddMonths(1);
        using var batch = Batch(connection, events, from, until);
        batch.Prepare();
        using var reader = batch.ExecuteReader();
        reader.Read();
        var sequence = reader.GetInt64(0);
        reader.NextResult();
        var heads = new List<(string Stream, long Sequence, string Hash)>();
        while (reader.Read())
        {
            heads.Add((reader.GetString(0), reader.GetInt64(1), reader.GetString(2)));
        }

        reader.NextResult();
        var known = new List<(string EventId, string Entry)>();
        while (reader.Read())
        {
            known.Add((reader.GetString(0), reader.GetString(1)));
        }

        return new ChainEvents(sequence, heads, known);
    }

    private static NpgsqlBatch Batch(NpgsqlConnection connection, IReadOnlyList<IncomingEvent> events, DateTime from, DateTime until) => new(connection)
    {
        // Another service may be dropping what has expired.
        Timeout = 0,
        BatchCommands =
        {
            new(HoldEnd),
            new(SelectHeads) { Parameters = { new() { Value = events.Select(one => one.Stream).Distinct().ToArray() } } },
            new(SelectKnown) { Parameters = { new() { Value = events.Select(one => one.EventId).ToArray() }, Moment(from), Moment(until) } },
        },
    };

    private static NpgsqlParameter Moment(DateTime value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
