using System.Globalization;
using Dapper;
using Npgsql;

namespace Mainstay.Audit.Sinks.Delivering;

/// <summary>What retention owes the sinks: it waits for those that are behind, and says aloud what a sink will never get.</summary>
internal sealed partial class SinkRetention(SinkSet sinks, SinkHolds holds, TimeProvider clock, ILogger<SinkRetention> logger)
{
    // A sink that has no row yet starts at the beginning, unless it is to have only what comes from now on. One that is disabled is not waited for.
    private const string SelectSlowest = """
        select configured.sink_name, coalesce(state.sequence, 0) as sequence
        from unnest(@Names, @FromBeginning) as configured (sink_name, from_beginning)
        left join sink_state state on state.sink_name = configured.sink_name
        where coalesce(state.hold, 'none') <> 'disabled'
        and (state.sink_name is not null or configured.from_beginning)
        order by sequence
        limit 1
        """;

    private const string Skip = """
        with behind as (
            select sink_name, sequence
            from sink_state
            where sink_name = any(@Names)
            and sequence < @End
            for update
        ), moved as (
            update sink_state
            set sequence = @End, update_time = @Now
            from behind
            where sink_state.sink_name = behind.sink_name
        ), dead as (
            delete from sink_dead_letter
            where sequence <= @End
            returning sink_name, sequence
        )
        select sink_name, coalesce(max(passed), 0) as passed, coalesce(max(refused), 0) as refused
        from (
            select sink_name, (select count(*) from audit_event event where event.sequence > behind.sequence and event.sequence <= @End) as passed, 0 as refused
            from behind
            union all
            select sink_name, 0, count(*) from dead group by sink_name
        ) lost
        group by sink_name
        order by sink_name
        """;

    /// <summary>The sink that has come least far of those that are waited for; null when there is none.</summary>
    public Task<SlowestSink?> SlowestAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => connection.QuerySingleOrDefaultAsync<SlowestSink>(
        new CommandDefinition(
            SelectSlowest,
            new { Names = Names(), FromBeginning = sinks.Sinks.Select(sink => sink.FromBeginning).ToArray() },
            cancellationToken: cancellationToken));

    /// <summary>Moves sinks past what is about to be dropped; of each that has not had all of it the trail says so, in the same transaction. Returns what they will not get.</summary>
    public async Task<IReadOnlyList<LostEntries>> SkipAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long end, CancellationToken cancellationToken)
    {
        var lost = (await connection.QueryAsync<LostEntries>(
            new CommandDefinition(Skip, new { Names = Names(), end, Now = clock.GetUtcNow() }, transaction, commandTimeout: 0, cancellationToken: cancellationToken))).AsList();
        lost.RemoveAll(one => one.Passed + one.Refused == 0);
        foreach (var one in lost)
        {
            await holds.RecordAsync(
                connection, transaction, one.SinkName, "sink_skip", "failure", one.Describe(end), SinkHolds.Service, cancellationToken);
        }

        return lost;
    }

    /// <summary>Says what sinks will not get, once that is committed.</summary>
    public void Tell(IEnumerable<LostEntries> lost, long end)
    {
        foreach (var one in lost)
        {
            Log.Skipped(logger, one.SinkName, one.Describe(end));
        }
    }

    private string[] Names() => [.. sinks.Sinks.Select(sink => sink.Name)];

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The sink {Sink} will never get what it was waited for too long: {Lost}")]
        public static partial void Skipped(ILogger logger, string sink, string lost);
    }
}

/// <summary>What a sink will not get: entries that it had not come to, and such as it had refused.</summary>
internal sealed record LostEntries(string SinkName, long Passed, long Refused)
{
    /// <summary>The same in words.</summary>
    public string Describe(long end) => string.Create(
        CultureInfo.InvariantCulture,
        $"retention dropped the trail through {end}: {Passed} entries before the sink came to them, {Refused} of its dead letters");
}

/// <summary>The sink that has come least far.</summary>
internal sealed record SlowestSink(string SinkName, long Sequence);
