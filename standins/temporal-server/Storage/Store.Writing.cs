using System.Threading.Channels;
using Google.Protobuf;
using Mainstay.TemporalServer.Executions;
using Mainstay.TemporalServer.Visibility;
using Npgsql;
using NpgsqlTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Mainstay.TemporalServer.Storage;

/// <summary>Group commit: one writer stores what has queued up in one transaction, then answers all who wait.</summary>
internal sealed partial class Store
{
    private const int MostPerCommit = 256;
    private const int MostEventsPerRow = 128;

    private const string InsertRun = """
        insert into run (
            run_id, status, close_time, next_due, has_tasks, state, history_length, history_bytes, state_transitions, search_attributes,
            namespace, workflow_id, workflow_type, start_time, task_queue, execution_time, parent_workflow_id, parent_run_id, root_workflow_id, root_run_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
        """;

    // Not an upsert: a run that was deleted meanwhile stays away.
    private const string UpdateRun = """
        update run set
            status = $2,
            close_time = $3,
            next_due = $4,
            has_tasks = $5,
            state = $6,
            history_length = $7,
            history_bytes = $8,
            state_transitions = $9,
            search_attributes = $10
        where run_id = $1
        """;

    private readonly Channel<PendingWrite> writes = Channel.CreateUnbounded<PendingWrite>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Stores a transition, with the run that takes over; done when it is committed and published, in the order of the calls.</summary>
    public Task CommitAsync(PendingWrite write) =>
        writes.Writer.TryWrite(write) ? write.Stored.Task : Task.FromException(new StoreException("The store is closed.", null));

    private async Task WriteAsync()
    {
        try
        {
            await WriteGroupsAsync();
        }
        finally
        {
            // Whatever ended the writer: without it this server answers nobody.
            lost.TrySetResult();
        }
    }

    private async Task WriteGroupsAsync()
    {
        var group = new List<PendingWrite>();
        while (await writes.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (group.Count < MostPerCommit && writes.Reader.TryRead(out var next))
            {
                group.Add(next);
            }

            await WriteOrFailAsync(group);
        }
    }

    private async Task WriteOrFailAsync(List<PendingWrite> group)
    {
        try
        {
            await WriteAsync(group);
        }
        catch (PostgresException e) when (group.Count > 1 && e is { IsTransient: false, SqlState: not PostgresErrorCodes.DivisionByZero })
        {
            // The database will not have one of them: alone, it does no harm to the others.
            foreach (var write in group)
            {
                await WriteOrFailAsync([write]);
            }

            return;
        }
        catch (Exception e)
        {
            group.ForEach(w => Fail(w, e));
            if (e is PostgresException { SqlState: PostgresErrorCodes.DivisionByZero })
            {
                lost.TrySetResult();
            }

            return;
        }

        foreach (var write in group)
        {
            write.Publish();
            write.Stored.SetResult();
        }
    }

    private static void Fail(PendingWrite write, Exception? cause)
    {
        write.Run.Break();
        write.Successor?.Break();
        write.Stored.SetException(new StoreException("The change was not stored.", cause));
    }

    private async Task WriteAsync(List<PendingWrite> group)
    {
        // What was computed on top of a change that failed fails with it.
        foreach (var write in group.Where(w => w.Run.Broken))
        {
            Fail(write, null);
        }

        group.RemoveAll(w => w.Run.Broken);
        if (group.Count == 0)
        {
            return;
        }

        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction);
        // A server that was paused and lost its lease finds another epoch here and cannot write; while this holds the row, none can be taken.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select 1 / count(*) from (select epoch from server_lease where epoch = $1 for share) held") { Parameters = { new() { Value = epoch } } });
        var changes = group.SelectMany(w => w.Change.Successor is { } successor ? new[] { w.Change, successor } : [w.Change]).ToList();
        foreach (var change in changes)
        {
            AddEvents(batch, change);
        }

        // Of several transitions of one run only the last state is of interest.
        foreach (var ofRun in changes.GroupBy(c => c.State.RunId))
        {
            AddState(batch, ofRun.Last().State, ofRun.First().Events is [{ EventId: 1 }, ..]);
        }

        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    private static void AddState(NpgsqlBatch batch, RunState state, bool begins)
    {
        var command = new NpgsqlBatchCommand(begins ? InsertRun : UpdateRun)
        {
            Parameters =
            {
                new() { Value = Guid.Parse(state.RunId) },
                new() { Value = (int)state.Status },
                Time(state.CloseTime?.ToDateTime()),
                Time(RunChange.NextDue(state)?.ToDateTime()),
                new() { Value = HasTasks(state) },
                new() { Value = state.ToByteArray() },
                new() { Value = state.NextEventId - 1 },
                new() { Value = state.HistoryBytes },
                new() { Value = state.StateTransitions },
                new() { Value = AttributeValue.Document(state.SearchAttributes), NpgsqlDbType = NpgsqlDbType.Jsonb },
            },
        };
        if (begins)
        {
            command.Parameters.Add(new() { Value = state.Namespace });
            command.Parameters.Add(new() { Value = state.WorkflowId });
            command.Parameters.Add(new() { Value = state.Started.WorkflowType.Name });
            command.Parameters.Add(new() { Value = state.StartTime.ToDateTime() });
            command.Parameters.Add(new() { Value = state.Started.TaskQueue.Name });
            command.Parameters.Add(Time(state.FirstTaskTime?.ToDateTime()));
            command.Parameters.Add(Text(state.Started.ParentWorkflowExecution?.WorkflowId));
            command.Parameters.Add(Text(state.Started.ParentWorkflowExecution?.RunId));
            command.Parameters.Add(Text(state.Started.RootWorkflowExecution?.WorkflowId ?? state.WorkflowId));
            command.Parameters.Add(Text(state.Started.RootWorkflowExecution?.RunId ?? state.RunId));
        }

        batch.BatchCommands.Add(command);
    }

    private static void AddEvents(NpgsqlBatch batch, RunChange change)
    {
        if (change.Events.Count == 0)
        {
            return;
        }

        var (state, runId, first) = (change.State, Guid.Parse(change.State.RunId), change.Events[0]);
        foreach (var events in change.Events.Chunk(MostEventsPerRow))
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("insert into history (run_id, first_event_id, events) values ($1, $2, $3)")
            {
                Parameters = { new() { Value = runId }, new() { Value = events[0].EventId }, new() { Value = new History { Events = { events } }.ToByteArray() } },
            });
        }

        if (first.EventType == EventType.WorkflowExecutionStarted)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("""
                insert into current_run (namespace, workflow_id, run_id) values ($1, $2, $3)
                on conflict (namespace, workflow_id) do update set run_id = excluded.run_id
                """)
            {
                Parameters = { new() { Value = state.Namespace }, new() { Value = state.WorkflowId }, new() { Value = runId } },
            });
        }
    }

    private static bool HasTasks(RunState state) =>
        state.Outbound.Count > 0
        || (state.Status == WorkflowExecutionStatus.Running
            && (state.WorkflowTask is { StartedEventId: 0 } || state.Activities.Values.Any(a => a.StartedTime is null)));

    private static NpgsqlParameter Text(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Time(DateTime? at) => new() { Value = (object?)at ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
