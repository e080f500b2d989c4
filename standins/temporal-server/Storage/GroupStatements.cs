using Google.Protobuf;
using Mainstay.TemporalServer.Executions;
using Mainstay.TemporalServer.Visibility;
using Npgsql;
using NpgsqlTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Mainstay.TemporalServer.Storage;

/// <summary>Makes one statement a table of all the transitions of a commit, however many they are: a column is an array.</summary>
internal static class GroupStatements
{
    // A page of history is read in whole rows.
    private const int MostEventsPerRow = 128;

    private const string InsertRuns = """
        insert into run (
            run_id, namespace, workflow_id, workflow_type, status, start_time, close_time, next_due, has_tasks, at_work, state,
            task_queue, execution_time, history_length, history_bytes, state_transitions,
            parent_workflow_id, parent_run_id, root_workflow_id, root_run_id, search_attributes)
        select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
        """;

    // Not an upsert: a run that was deleted meanwhile stays away.
    private const string UpdateRuns = """
        update run set
            status = of.status,
            close_time = of.close_time,
            next_due = of.next_due,
            has_tasks = of.has_tasks,
            at_work = of.at_work,
            state = of.state,
            history_length = of.history_length,
            history_bytes = of.history_bytes,
            state_transitions = of.state_transitions,
            search_attributes = of.search_attributes
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            as of (run_id, status, close_time, next_due, has_tasks, at_work, state, history_length, history_bytes, state_transitions, search_attributes)
        where run.run_id = of.run_id
        """;

    private const string InsertCurrentRuns = """
        insert into current_run (namespace, workflow_id, run_id)
        select * from unnest($1, $2, $3)
        on conflict (namespace, workflow_id) do update set run_id = excluded.run_id
        """;

    private const string InsertHistory = "insert into history (run_id, first_event_id, events) select * from unnest($1, $2, $3)";

    /// <summary>The statements of transitions in the order in which they happened.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Of(IReadOnlyList<RunChange> changes)
    {
        var begun = changes.Where(c => c.Events is [{ EventId: 1 }, ..]).Select(c => c.State.RunId).ToHashSet();

        // Of several transitions of one run only the last state is of interest.
        var states = changes.GroupBy(c => c.State.RunId).Select(of => of.Last().State).ToLookup(state => begun.Contains(state.RunId));
        RunState[] added = [.. states[true]];
        RunState[] changed = [.. states[false]];
        RunState[] current = [.. added.GroupBy(s => (s.Namespace, s.WorkflowId)).Select(of => of.Last())];
        (RunState State, HistoryEvent[] Events)[] written = [.. changes.SelectMany(c => c.Events.Chunk(MostEventsPerRow).Select(events => (c.State, events)))];
        if (added.Length > 0)
        {
            yield return InsertOf(added);
            yield return Command(InsertCurrentRuns, Texts(current, s => s.Namespace), Texts(current, s => s.WorkflowId), Column(current, Id));
        }

        if (changed.Length > 0)
        {
            yield return UpdateOf(changed);
        }

        if (written.Length > 0)
        {
            yield return Command(
                InsertHistory, Column(written, c => Id(c.State)), Column(written, c => c.Events[0].EventId), Column(written, c => new History { Events = { c.Events } }.ToByteArray()));
        }
    }

    private static NpgsqlBatchCommand InsertOf(RunState[] states) => Command(
        InsertRuns,
        Column(states, Id),
        Texts(states, s => s.Namespace),
        Texts(states, s => s.WorkflowId),
        Texts(states, s => s.Started.WorkflowType.Name),
        Column(states, s => (int)s.Status),
        Times(states, s => s.StartTime.ToDateTime()),
        Times(states, s => s.CloseTime?.ToDateTime()),
        Times(states, s => RunChange.NextDue(s)?.ToDateTime()),
        Column(states, HasTasks),
        Column(states, IsAtWork),
        Column(states, s => s.ToByteArray()),
        Texts(states, s => s.Started.TaskQueue.Name),
        Times(states, s => s.FirstTaskTime?.ToDateTime()),
        Column(states, s => s.NextEventId - 1),
        Column(states, s => s.HistoryBytes),
        Column(states, s => s.StateTransitions),
        Texts(states, s => s.Started.ParentWorkflowExecution?.WorkflowId),
        Texts(states, s => s.Started.ParentWorkflowExecution?.RunId),
        Texts(states, s => s.Started.RootWorkflowExecution?.WorkflowId ?? s.WorkflowId),
        Texts(states, s => s.Started.RootWorkflowExecution?.RunId ?? s.RunId),
        Documents(states));

    private static NpgsqlBatchCommand UpdateOf(RunState[] states) => Command(
        UpdateRuns,
        Column(states, Id),
        Column(states, s => (int)s.Status),
        Times(states, s => s.CloseTime?.ToDateTime()),
        Times(states, s => RunChange.NextDue(s)?.ToDateTime()),
        Column(states, HasTasks),
        Column(states, IsAtWork),
        Column(states, s => s.ToByteArray()),
        Column(states, s => s.NextEventId - 1),
        Column(states, s => s.HistoryBytes),
        Column(states, s => s.StateTransitions),
        Documents(states));

    private static NpgsqlBatchCommand Command(string statement, params NpgsqlParameter[] columns)
    {
        var command = new NpgsqlBatchCommand(statement);
        foreach (var column in columns)
        {
            command.Parameters.Add(column);
        }

        return command;
    }

    private static NpgsqlParameter Column<TRow, TValue>(TRow[] rows, Func<TRow, TValue> value) => new NpgsqlParameter<TValue[]> { TypedValue = Array.ConvertAll(rows, row => value(row)) };

    private static NpgsqlParameter Texts(RunState[] states, Func<RunState, string?> text) =>
        new() { Value = Array.ConvertAll(states, state => text(state)), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter Times(RunState[] states, Func<RunState, DateTime?> time) =>
        new() { Value = Array.ConvertAll(states, state => time(state)), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };

    private static NpgsqlParameter Documents(RunState[] states) =>
        new() { Value = Array.ConvertAll(states, state => AttributeValue.Document(state.SearchAttributes)), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb };

    private static Guid Id(RunState state) => Guid.Parse(state.RunId);

    private static bool HasTasks(RunState state) =>
        state.Outbound.Count > 0
        || (state.Status == WorkflowExecutionStatus.Running
            && (state.WorkflowTask is { StartedEventId: 0 } || state.Activities.Values.Any(a => a.StartedTime is null)));

    // What a server that starts has to look at.
    private static bool IsAtWork(RunState state) => state.Status == WorkflowExecutionStatus.Running || state.Outbound.Count > 0;
}
