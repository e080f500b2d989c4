using Google.Protobuf;
using Mainstay.TemporalServer.Executions;
using Npgsql;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace TemporalServer.Tests;

/// <summary>Compares the stored state of every run with what its history says.</summary>
internal static class StoredStates
{
    /// <summary>Fails when a state says anything of a run that its history does not bear out.</summary>
    public static async Task AgreeWithHistoriesAsync(string database, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var read = source.CreateCommand("""
            select run.state, array_agg(history.events order by history.first_event_id) from run
            join history using (run_id)
            group by run.run_id
            """);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var runs = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            var state = RunState.Parser.ParseFrom(reader.GetFieldValue<byte[]>(0));
            var events = reader.GetFieldValue<byte[][]>(1).SelectMany(rows => History.Parser.ParseFrom(rows).Events);
            Assert.Equal(Said(state), Said(RunRebuild.From(state.Namespace, state.RunId, events)));
            runs++;
        }

        Assert.NotEqual(0, runs);
    }

    /// <summary>Changes what is stored of a workflow's newest run, as years of use would have; no server may be running.</summary>
    public static async Task ChangeAsync(string database, string workflowId, Action<RunState> change, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var read = source.CreateCommand("select state from run where workflow_id = $1 order by run_id desc limit 1");
        read.Parameters.Add(new() { Value = workflowId });
        var state = RunState.Parser.ParseFrom((byte[])(await read.ExecuteScalarAsync(cancellationToken))!);
        change(state);
        await using var write = source.CreateCommand("update run set state = $2 where run_id = $1");
        write.Parameters.Add(new() { Value = Guid.Parse(state.RunId) });
        write.Parameters.Add(new() { Value = state.ToByteArray() });
        await write.ExecuteNonQueryAsync(cancellationToken);
    }

    // Attempts, heartbeats and what waits to be written are told by the state alone.
    private static string Said(RunState state) => string.Join('\n',
        $"{state.WorkflowId} {state.Status} next {state.NextEventId}",
        $"tasks {state.FirstCompletedTaskId} {state.LastCompletedTaskStartedId} {(state.WorkflowTask is { Written: true } task ? task.ScheduledEventId : 0)}",
        $"activities {Joined(Waiting(state))}",
        $"timers {Joined(Unheld(state).Select(t => $"{t.TimerId}@{t.StartedEventId} {t.Due}"))}",
        $"updates {Joined(state.Updates.Select(u => $"{u.Key}@{u.Value.AcceptedEventId} {u.Value.Outcome}"))}",
        $"memo {Joined(state.Memo?.Fields.Select(f => $"{f.Key} {f.Value}") ?? [])}",
        $"attributes {Joined(state.SearchAttributes?.IndexedFields.Select(f => $"{f.Key} {f.Value}") ?? [])}",
        $"cancel {state.CancelRequested} {state.CloseTime} {state.CloseEvent}");

    private static IEnumerable<string> Waiting(RunState state) => state.Buffered.Count > 0 ? [] : state.Activities.Keys.Order().Select(id => $"{id}");

    private static IEnumerable<UserTimer> Unheld(RunState state) => state.Buffered.Any(e => e.EventType == EventType.TimerFired) ? [] : state.Timers.Values;

    private static string Joined(IEnumerable<string> parts) => string.Join("; ", parts.Order(StringComparer.Ordinal));
}
