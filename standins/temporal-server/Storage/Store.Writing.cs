using System.Threading.Channels;
using Google.Protobuf;
using Mainstay.TemporalServer.Executions;
using Npgsql;
using NpgsqlTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Mainstay.TemporalServer.Storage;

/// <summary>Group commit: one writer stores what has queued up in one transaction, then answers all who wait.</summary>
internal sealed partial class Store
{
    private const int MostPerCommit = 256;

    private readonly Channel<(RunChange Change, TaskCompletionSource Stored)> writes =
        Channel.CreateUnbounded<(RunChange, TaskCompletionSource)>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Stores a transition, with the run that takes over; done when it is committed.</summary>
    public Task CommitAsync(RunChange change)
    {
        var stored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return writes.Writer.TryWrite((change, stored)) ? stored.Task : Task.FromException(new ObjectDisposedException(nameof(Store)));
    }

    private async Task WriteAsync()
    {
        var group = new List<(RunChange Change, TaskCompletionSource Stored)>();
        while (await writes.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (group.Count < MostPerCommit && writes.Reader.TryRead(out var next))
            {
                group.Add(next);
            }

            try
            {
                await WriteAsync(group.Select(w => w.Change));
                group.ForEach(w => w.Stored.SetResult());
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException)
            {
                group.ForEach(w => w.Stored.SetException(e));
            }
        }
    }

    private async Task WriteAsync(IEnumerable<RunChange> changes)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction);
        // A server that was paused and lost its lease finds another epoch here and cannot write.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select 1 / count(*) from server_lease where epoch = $1") { Parameters = { new() { Value = epoch } } });
        foreach (var change in changes)
        {
            Add(batch, change);
            if (change.Successor is { } successor)
            {
                Add(batch, successor);
            }
        }

        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    private static void Add(NpgsqlBatch batch, RunChange change)
    {
        var state = change.State;
        var runId = Guid.Parse(state.RunId);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            insert into run (run_id, namespace, workflow_id, workflow_type, status, start_time, close_time, next_due, has_tasks, state)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            on conflict (run_id) do update set
                status = excluded.status,
                close_time = excluded.close_time,
                next_due = excluded.next_due,
                has_tasks = excluded.has_tasks,
                state = excluded.state
            """)
        {
            Parameters =
            {
                new() { Value = runId },
                new() { Value = state.Namespace },
                new() { Value = state.WorkflowId },
                new() { Value = state.Started.WorkflowType.Name },
                new() { Value = (int)state.Status },
                new() { Value = state.StartTime.ToDateTime() },
                Time(state.CloseTime?.ToDateTime()),
                Time(RunChange.NextDue(state)?.ToDateTime()),
                new() { Value = HasTasks(state) },
                new() { Value = state.ToByteArray() },
            },
        });
        if (change.Events.Count == 0)
        {
            return;
        }

        var first = change.Events[0];
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

    private static NpgsqlParameter Time(DateTime? at) => new() { Value = (object?)at ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
