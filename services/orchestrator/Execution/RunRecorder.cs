using Mainstay.Orchestrator.Events;
using Npgsql;

namespace Mainstay.Orchestrator.Execution;

/// <summary>Writes what an activity did, its events included, in one transaction.</summary>
internal sealed class RunRecorder(NpgsqlDataSource database, TaskEventLog events)
{
    /// <summary>Records events that go with no other change.</summary>
    public Task RecordAsync(string taskId, CancellationToken cancellationToken, params IReadOnlyList<NewTaskEvent> taskEvents) =>
        RecordAsync(taskId, (_, _) => Task.CompletedTask, cancellationToken, taskEvents);

    /// <summary>Records events and makes the change that goes with them, together or not at all.</summary>
    public async Task RecordAsync(
        string taskId, Func<NpgsqlConnection, NpgsqlTransaction, Task> change, CancellationToken cancellationToken, params IReadOnlyList<NewTaskEvent> taskEvents)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var taskEvent in taskEvents)
        {
            await events.AppendAsync(connection, transaction, taskId, taskEvent, cancellationToken);
        }

        // After the events: the change that ends a run closes its log too.
        await change(connection, transaction);
        await transaction.CommitAsync(cancellationToken);
    }
}
