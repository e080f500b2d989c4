using Dapper;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Audit.Sinks.Delivering;
using Mainstay.Audit.V1;
using Npgsql;

namespace Mainstay.Audit.Sinks.Control;

/// <summary>Says of each sink what it is doing and how far it has come.</summary>
internal sealed class ListSinks(SinkSet sinks, NpgsqlDataSource database, TimeProvider clock)
{
    private const string SelectStates = """
        select sink_name, sequence, hold, hold_reason, failure, failure_count, retry_time, delivered_count, deliver_time,
            (select count(*) from sink_dead_letter dead where dead.sink_name = state.sink_name) as dead_count
        from sink_state state
        where sink_name = any(@Names)
        """;

    private const string SelectReplays = """
        select sink_name, id, start_time, end_time, delivered_count, create_time
        from sink_replay
        where sink_name = any(@Names)
        and finish_time is null
        order by id
        """;

    /// <summary>All sinks, in the order of the configuration.</summary>
    public Task<IReadOnlyList<Sink>> ExecuteAsync(CancellationToken cancellationToken) => ReadAsync(sinks.Sinks, cancellationToken);

    /// <summary>One sink.</summary>
    public async Task<Sink> ExecuteAsync(string name, CancellationToken cancellationToken) => (await ReadAsync([sinks.Find(name)], cancellationToken))[0];

    private async Task<IReadOnlyList<Sink>> ReadAsync(IReadOnlyList<ConfiguredSink> configured, CancellationToken cancellationToken)
    {
        var names = configured.Select(sink => sink.Name).ToArray();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var states = (await connection.QueryAsync<StateRow>(new CommandDefinition(SelectStates, new { names }, cancellationToken: cancellationToken)))
            .ToDictionary(row => row.SinkName);
        var replays = (await connection.QueryAsync<OpenReplayRow>(new CommandDefinition(SelectReplays, new { names }, cancellationToken: cancellationToken)))
            .ToLookup(row => row.SinkName);
        var lags = (await MeasureSinks.ReadAsync(connection, names, clock.GetUtcNow(), cancellationToken)).ToDictionary(lag => lag.SinkName);
        return [.. configured.Select(sink => Describe(sink, states.GetValueOrDefault(sink.Name), lags.GetValueOrDefault(sink.Name), replays[sink.Name]))];
    }

    private static Sink Describe(ConfiguredSink sink, StateRow? row, SinkLag? lag, IEnumerable<OpenReplayRow> replays) => new()
    {
        Name = sink.Name,
        Type = sink.Type,
        Format = sink.Shape.Format.Name,
        State = StateOf(row),
        StateReason = row?.HoldReason ?? "",
        Cursor = row?.Sequence ?? 0,
        LagCount = lag?.Events ?? 0,
        Lag = (lag?.Age ?? TimeSpan.Zero).ToDuration(),
        FailureCount = row?.FailureCount ?? 0,
        Failure = row?.Failure ?? "",
        RetryTime = row?.RetryTime?.ToTimestamp(),
        DeliveredCount = row?.DeliveredCount ?? 0,
        DeliverTime = row?.DeliverTime?.ToTimestamp(),
        DeadLetterCount = row?.DeadCount ?? 0,
        Replays = { replays.Select(replay => replay.ToProto()) },
    };

    private static SinkState StateOf(StateRow? row) => row?.Hold switch
    {
        "paused" => SinkState.Paused,
        "stopped" => SinkState.Stopped,
        "disabled" => SinkState.Disabled,
        _ => row?.FailureCount > 0 ? SinkState.Retrying : SinkState.Running,
    };

    private sealed record StateRow(
        string SinkName,
        long Sequence,
        string Hold,
        string HoldReason,
        string Failure,
        int FailureCount,
        DateTime? RetryTime,
        long DeliveredCount,
        DateTime? DeliverTime,
        long DeadCount);
}

/// <summary>A replay as it is shown.</summary>
internal sealed record OpenReplayRow(string SinkName, Guid Id, DateTime StartTime, DateTime EndTime, long DeliveredCount, DateTime CreateTime)
{
    public SinkReplay ToProto() => new()
    {
        ReplayId = Id.ToString(),
        StartTime = StartTime.ToTimestamp(),
        EndTime = EndTime.ToTimestamp(),
        DeliveredCount = DeliveredCount,
        CreateTime = CreateTime.ToTimestamp(),
    };
}
