using Google.Protobuf;
using Mainstay.TemporalServer.Executions;
using Npgsql;
using Temporalio.Api.History.V1;

namespace Mainstay.TemporalServer.Storage;

/// <summary>What is read back: runs and histories.</summary>
internal sealed partial class Store
{
    /// <summary>The state of a run, or nothing.</summary>
    public async Task<RunState?> LoadAsync(string runId)
    {
        await using var read = source.CreateCommand("select state from run where run_id = $1");
        read.Parameters.Add(new() { Value = Guid.Parse(runId) });
        return await read.ExecuteScalarAsync() is byte[] state ? RunState.Parser.ParseFrom(state) : null;
    }

    /// <summary>The id of the newest run of a workflow id, or nothing.</summary>
    public async Task<string?> CurrentRunAsync(string @namespace, string workflowId)
    {
        await using var read = source.CreateCommand("select run_id from current_run where namespace = $1 and workflow_id = $2");
        read.Parameters.Add(new() { Value = @namespace });
        read.Parameters.Add(new() { Value = workflowId });
        return await read.ExecuteScalarAsync() is Guid runId ? runId.ToString() : null;
    }

    /// <summary>The runs that have work waiting, and those that the clock has to look at.</summary>
    public async Task<List<(string RunId, bool HasTasks, DateTime? NextDue)>> PendingAsync(CancellationToken cancellationToken)
    {
        await using var read = source.CreateCommand("select run_id, has_tasks, next_due from run where at_work and (has_tasks or next_due is not null)");
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var pending = new List<(string, bool, DateTime?)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            pending.Add((reader.GetGuid(0).ToString(), reader.GetBoolean(1), await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetDateTime(2)));
        }

        return pending;
    }

    /// <summary>Whole batches of events from an event on, until the page is full; newest first when <paramref name="reverse"/>.</summary>
    public async Task<List<HistoryEvent>> HistoryAsync(string runId, long fromEventId, int batches, bool reverse = false)
    {
        await using var read = source.CreateCommand(reverse
            ? "select events from history where run_id = $1 and first_event_id <= $2 order by first_event_id desc limit $3"
            : """
              select events from history
              where run_id = $1 and first_event_id >= coalesce((select max(first_event_id) from history where run_id = $1 and first_event_id <= $2), 0)
              order by first_event_id limit $3
              """);
        read.Parameters.Add(new() { Value = Guid.Parse(runId) });
        read.Parameters.Add(new() { Value = fromEventId });
        read.Parameters.Add(new() { Value = batches });
        await using var reader = await read.ExecuteReaderAsync();
        var events = new List<HistoryEvent>();
        while (await reader.ReadAsync())
        {
            var batch = History.Parser.ParseFrom(reader.GetFieldValue<byte[]>(0)).Events;
            events.AddRange(reverse ? batch.Where(e => e.EventId <= fromEventId).Reverse() : batch.Where(e => e.EventId >= fromEventId));
        }

        return events;
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlCommand read, MessageParser<T> parser, CancellationToken cancellationToken = default)
        where T : IMessage<T>
    {
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var found = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(parser.ParseFrom(reader.GetFieldValue<byte[]>(0)));
        }

        return found;
    }
}
