using Dapper;
using Mainstay.Audit.Search;
using Npgsql;

namespace Mainstay.Audit.Sinks.Delivering;

/// <summary>All that sinks know of how the trail is stored: entries have a place, and places grow in the order of commits.</summary>
internal static class ReadTrail
{
    private const string SelectAfter = """
        select sequence, entry::text as entry, hash
        from audit_event
        where sequence > @After
        order by sequence
        limit @Most
        """;

    private const string SelectRange = """
        select sequence, entry::text as entry, hash
        from audit_event
        where sequence > @After
        and sequence <= @Last
        and event_time >= @StartTime
        and event_time < @EndTime
        order by sequence
        limit @Most
        """;

    private const string SelectDead = """
        select event.sequence, event.entry::text as entry, event.hash
        from sink_dead_letter dead
        join audit_event event on event.sequence = dead.sequence
        where dead.sink_name = @SinkName
        and dead.retry_requested
        and dead.sequence > @After
        order by dead.sequence
        limit @Most
        """;

    /// <summary>The place of the last entry.</summary>
    public const string SelectLast = "select coalesce(max(sequence), 0) from audit_event";

    /// <summary>The entries after a place.</summary>
    public static async Task<IReadOnlyList<StoredEvent>> AfterAsync(NpgsqlConnection connection, long after, int most, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<StoredEvent>(new CommandDefinition(SelectAfter, new { after, most }, cancellationToken: cancellationToken))).AsList();

    /// <summary>The entries of a replay after a place.</summary>
    public static async Task<IReadOnlyList<StoredEvent>> RangeAsync(
        NpgsqlConnection connection, ReplayRow replay, long after, int most, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<StoredEvent>(new CommandDefinition(
            SelectRange,
            new { after, most, Last = replay.LastSequence, replay.StartTime, replay.EndTime },
            cancellationToken: cancellationToken))).AsList();

    /// <summary>The entries after a place that went to a sink's dead letters and are to be tried again.</summary>
    public static async Task<IReadOnlyList<StoredEvent>> DeadAsync(NpgsqlConnection connection, string sinkName, long after, int most, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<StoredEvent>(new CommandDefinition(SelectDead, new { sinkName, after, most }, cancellationToken: cancellationToken))).AsList();
}

/// <summary>A range of time that is delivered once more.</summary>
internal sealed record ReplayRow(Guid Id, DateTime StartTime, DateTime EndTime, long Position, long LastSequence, long DeliveredCount);
