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
                if (next.Run.Broken)
                {
                    Fail(next, null);
                }
                else
                {
                    group.Add(next);
                }
            }

            try
            {
                await WriteAsync(group);
            }
            catch (Exception e)
            {
                group.ForEach(w => Fail(w, e));
                if (e is PostgresException { SqlState: PostgresErrorCodes.DivisionByZero })
                {
                    lost.TrySetResult();
                }

                continue;
            }

            foreach (var write in group)
            {
                write.Publish();
                write.Stored.SetResult();
            }
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
        if (group.Count == 0)
        {
            return;
        }

        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction);
        // A server that was paused and lost its lease finds another epoch here and cannot write.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select 1 / count(*) from server_lease where epoch = $1") { Parameters = { new() { Value = epoch } } });
        var changes = group.SelectMany(w => w.Change.Successor is { } successor ? new[] { w.Change, successor } : [w.Change]).ToList();
        foreach (var change in changes)
        {
            AddEvents(batch, change);
        }

        // Of several transitions of one run only the last state is of interest.
        foreach (var state in changes.GroupBy(c => c.State.RunId).Select(of => of.Last().State))
        {
            AddState(batch, state);
        }

        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    private static void AddState(NpgsqlBatch batch, RunState state) =>
        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            insert into run (
                run_id, namespace, workflow_id, workflow_type, status, start_time, close_time, next_due, has_tasks, state,
                task_queue, execution_time, history_length, history_bytes, state_transitions,
                parent_workflow_id, parent_run_id, root_workflow_id, root_run_id, search_attributes)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
            on conflict (run_id) do update set
                status = excluded.status,
                close_time = excluded.close_time,
                next_due = excluded.next_due,
                has_tasks = excluded.has_tasks,
                state = excluded.state,
                history_length = excluded.history_length,
                history_bytes = excluded.history_bytes,
                state_transitions = excluded.state_transitions,
                search_attributes = excluded.search_attributes
            """)
        {
            Parameters =
            {
                new() { Value = Guid.Parse(state.RunId) },
                new() { Value = state.Namespace },
                new() { Value = state.WorkflowId },
                new() { Value = state.Started.WorkflowType.Name },
                new() { Value = (int)state.Status },
                new() { Value = state.StartTime.ToDateTime() },
                Time(state.CloseTime?.ToDateTime()),
                Time(RunChange.NextDue(state)?.ToDateTime()),
                new() { Value = HasTasks(state) },
                new() { Value = state.ToByteArray() },
                new() { Value = state.Started.TaskQueue.Name },
                Time(state.FirstTaskTime?.ToDateTime()),
                new() { Value = state.NextEventId - 1 },
                new() { Value = state.HistoryBytes },
                new() { Value = state.StateTransitions },
                Text(state.Started.ParentWorkflowExecution?.WorkflowId),
                Text(state.Started.ParentWorkflowExecution?.RunId),
                Text(state.Started.RootWorkflowExecution?.WorkflowId ?? state.WorkflowId),
                Text(state.Started.RootWorkflowExecution?.RunId ?? state.RunId),
                new() { Value = AttributeValue.Document(state.SearchAttributes), NpgsqlDbType = NpgsqlDbType.Jsonb },
            },
        });

    private static void AddEvents(NpgsqlBatch batch, RunChange change)
    {
        if (change.Events.Count == 0)
        {
            return;
        }

        var (state, runId, first) = (change.State, Guid.Parse(change.State.RunId), change.Events[0]);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("insert into history (run_id, first_event_id, events) values ($1, $2, $3)")
        {
            Parameters = { new() { Value = runId }, new() { Value = first.EventId }, new() { Value = new History { Events = { change.Events } }.ToByteArray() } },
        });
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
