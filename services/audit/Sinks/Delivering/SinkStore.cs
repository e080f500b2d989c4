using Dapper;
using Npgsql;

namespace Mainstay.Audit.Sinks.Delivering;

/// <summary>What the database remembers of each sink: its cursor, how it is doing, its replays and dead letters.</summary>
internal sealed class SinkStore(TimeProvider clock)
{
    /// <summary>Where runners hear that something was asked of a sink; the payload is its name.</summary>
    public const string Channel = "audit_sink";

    private const string Enter = $"""
        insert into sink_state (sink_name, sequence, update_time)
        values (@SinkName, case when @FromBeginning then 0 else ({ReadTrail.SelectLast}) end, @Now)
        on conflict (sink_name) do nothing
        """;

    private const string Release = "update sink_state set hold = 'none', hold_reason = '' where sink_name = @SinkName and hold = 'stopped'";

    private const string SelectHold = "select hold from sink_state where sink_name = @SinkName";

    private const string SelectCursor = "select sequence from sink_state where sink_name = @SinkName";

    private const string MoveCursor = """
        update sink_state
        set sequence = @Through, failure = '', failure_count = 0, retry_time = null, delivered_count = delivered_count + @Delivered,
            deliver_time = case when @Delivered > 0 then @Now else deliver_time end, update_time = @Now
        where sink_name = @SinkName
        """;

    private const string NoteFailure = """
        update sink_state
        set failure = @Failure, failure_count = @Count, retry_time = @RetryTime, update_time = @Now
        where sink_name = @SinkName
        """;

    private const string InsertDead = """
        insert into sink_dead_letter (sink_name, sequence, event_id, reason, create_time)
        values (@SinkName, @Sequence, @EventId, @Reason, @Now)
        on conflict (sink_name, sequence) do update
        set reason = excluded.reason, attempt_count = sink_dead_letter.attempt_count + 1, retry_requested = false
        """;

    private const string RemoveDead = """
        delete from sink_dead_letter
        where sink_name = @SinkName
        and retry_requested
        and sequence = any(@Done)
        """;

    private const string SelectReplay = """
        select id, start_time, end_time, position, last_sequence, delivered_count
        from sink_replay
        where sink_name = @SinkName
        and finish_time is null
        order by id
        limit 1
        """;

    private const string MoveReplay = """
        update sink_replay
        set position = @Through, delivered_count = delivered_count + @Delivered
        where id = @Id
        """;

    private const string FinishReplay = "update sink_replay set finish_time = @Now where id = @Id";

    /// <summary>Gives a sink that stopped over its configuration another chance.</summary>
    public static Task ReleaseAsync(NpgsqlConnection connection, string sinkName, CancellationToken cancellationToken) =>
        ExecuteAsync(connection, Release, new { sinkName }, cancellationToken);

    /// <summary>Makes a new sink's row.</summary>
    public Task EnterAsync(NpgsqlConnection connection, ConfiguredSink sink, CancellationToken cancellationToken) =>
        ExecuteAsync(connection, Enter, new { SinkName = sink.Name, sink.FromBeginning, Now = clock.GetUtcNow() }, cancellationToken);

    /// <summary>Whether the sink must not deliver now.</summary>
    public static async Task<bool> IsHeldAsync(NpgsqlConnection connection, string sinkName, CancellationToken cancellationToken) =>
        await connection.QuerySingleAsync<string>(new CommandDefinition(SelectHold, new { sinkName }, cancellationToken: cancellationToken)) != "none";

    /// <summary>The place up to which everything is settled.</summary>
    public static Task<long> CursorAsync(NpgsqlConnection connection, string sinkName, CancellationToken cancellationToken) =>
        connection.QuerySingleAsync<long>(new CommandDefinition(SelectCursor, new { sinkName }, cancellationToken: cancellationToken));

    /// <summary>Moves the cursor.</summary>
    public Task MoveCursorAsync(NpgsqlConnection connection, string sinkName, Settlement settlement, CancellationToken cancellationToken) => SettleAsync(
        connection, sinkName, settlement, MoveCursor, new { sinkName, settlement.Through, settlement.Delivered, Now = clock.GetUtcNow() }, cancellationToken);

    /// <summary>The oldest replay that is not finished.</summary>
    public static Task<ReplayRow?> OpenReplayAsync(NpgsqlConnection connection, string sinkName, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<ReplayRow>(new CommandDefinition(SelectReplay, new { sinkName }, cancellationToken: cancellationToken));

    /// <summary>Moves a replay on.</summary>
    public Task MoveReplayAsync(NpgsqlConnection connection, string sinkName, Guid id, Settlement settlement, CancellationToken cancellationToken) =>
        SettleAsync(connection, sinkName, settlement, MoveReplay, new { id, settlement.Through, settlement.Delivered }, cancellationToken);

    /// <summary>Closes a replay.</summary>
    public Task FinishReplayAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken) =>
        ExecuteAsync(connection, FinishReplay, new { id, Now = clock.GetUtcNow() }, cancellationToken);

    /// <summary>Removes the dead letters that are done with.</summary>
    public Task SettleDeadLettersAsync(NpgsqlConnection connection, string sinkName, Settlement settlement, long[] done, CancellationToken cancellationToken) =>
        SettleAsync(connection, sinkName, settlement, RemoveDead, new { sinkName, done }, cancellationToken);

    /// <summary>Notes why a sink waits, and until when.</summary>
    public Task NoteFailureAsync(NpgsqlConnection connection, string sinkName, string failure, int count, TimeSpan pause, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return ExecuteAsync(connection, NoteFailure, new { sinkName, failure, count, RetryTime = now + pause, now }, cancellationToken);
    }

    // The dead letters and the place commit together: an event is settled in one way or not at all.
    private async Task SettleAsync(
        NpgsqlConnection connection, string sinkName, Settlement settlement, string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken));
        var now = clock.GetUtcNow();
        await connection.ExecuteAsync(new CommandDefinition(
            InsertDead,
            settlement.Refused.Select(one => new { sinkName, one.Sequence, one.EventId, one.Reason, now }),
            transaction,
            cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
    }

    private static Task ExecuteAsync(NpgsqlConnection connection, string sql, object parameters, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
}
