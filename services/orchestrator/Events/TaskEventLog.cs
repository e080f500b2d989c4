using System.Text.Json;
using Dapper;
using Npgsql;

namespace Mainstay.Orchestrator.Events;

/// <summary>Records events in order, without gaps, in the caller's transaction.</summary>
internal sealed class TaskEventLog
{
    public const string Channel = "task_event";

    // The task's row counts its events, and its lock keeps two writers apart; the time is read under it, so that it never runs backwards. Nothing follows the end of a run, not even what an
    // activity that was cancelled still has to say.
    private const string Insert = """
        with next as (
            update task
            set last_sequence = last_sequence + 1
            where task_id = @TaskId and end_time is null
                and not exists (select from task_event where task_id = @TaskId and event_key = @Key)
            returning last_sequence
        ), written as (
            insert into task_event (task_id, sequence, event_key, type, event_time, data)
            select @TaskId, last_sequence, @Key, @Type, clock_timestamp(), @Data::json
            from next
        )
        select pg_notify(@Channel, @TaskId)
        from next
        """;

    /// <summary>Records an event; returns false when it is there already, or the run has ended.</summary>
    public async Task<bool> AppendAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string taskId, NewTaskEvent taskEvent, CancellationToken cancellationToken)
    {
        var written = await connection.QueryAsync(new CommandDefinition(
            Insert,
            new { taskId, taskEvent.Key, taskEvent.Type, Data = JsonSerializer.Serialize(taskEvent.Data), Channel },
            transaction,
            cancellationToken: cancellationToken));
        return written.Any();
    }
}
