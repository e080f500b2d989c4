using Dapper;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Orchestrator.Tasks;
using Mainstay.Orchestrator.V1;
using Mainstay.ServiceDefaults.Authentication;
using Npgsql;
using Task = System.Threading.Tasks.Task;

namespace Mainstay.Orchestrator.Events;

/// <summary>Streams a task's events: the stored ones, then each as it comes, to the last of the run.</summary>
internal sealed class WatchTask(NpgsqlDataSource database, GetTask getTask, TaskEventFeed feed)
{
    private const int PageSize = 500;

    private const string Select = """
        select sequence, type, event_time, data::text as data
        from task_event
        where task_id = @TaskId and sequence > @After
        order by sequence
        limit @PageSize
        """;

    public async Task ExecuteAsync(WatchTaskRequest request, CallerContext caller, Func<TaskEvent, Task> write, CancellationToken cancellationToken)
    {
        if (request.AfterSequence < 0)
        {
            throw OrchestratorErrors.FieldInvalid(("after_sequence", "must be 0 or the sequence of an event"));
        }

        var after = request.AfterSequence;
        while (true)
        {
            // In this order: what comes after a look is told, and a run that had ended has no event after these.
            var news = feed.NewsOf(request.TaskId);
            var ended = (await getTask.ExecuteAsync(request.TaskId, caller, cancellationToken)).EndTime is not null;
            var page = await ReadAsync(request.TaskId, after, cancellationToken);
            foreach (var taskEvent in page)
            {
                await write(taskEvent);
                after = taskEvent.Sequence;
            }

            if (page.Count == PageSize)
            {
                continue;
            }

            if (ended)
            {
                return;
            }

            await feed.WaitAsync(news, cancellationToken);
        }
    }

    private async Task<List<TaskEvent>> ReadAsync(string taskId, long after, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<(long Sequence, string Type, DateTime EventTime, string Data)>(new CommandDefinition(
            Select, new { taskId, after, PageSize }, cancellationToken: cancellationToken));
        return
        [
            .. rows.Select(row => new TaskEvent
            {
                TaskId = taskId,
                Sequence = row.Sequence,
                Type = row.Type,
                EventTime = row.EventTime.ToUniversalTime().ToTimestamp(),
                Data = Struct.Parser.ParseJson(row.Data),
            }),
        ];
    }
}
