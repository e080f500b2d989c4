using Google.Protobuf.WellKnownTypes;
using Mainstay.Audit.V1;
using Mainstay.Benchmarks.Harness;
using Npgsql;

namespace Mainstay.Benchmarks.Audit;

/// <summary>Searches by selective filters over a trail of many rows, through the service, with all that an rpc does.</summary>
internal sealed class Searching(AuditInstance audit)
{
    private const int Searches = 160;

    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    // Rows of one a second, made where they lie; their hashes are none, as nothing here verifies them.
    private const string Fill = """
        insert into audit_event (
            sequence, event_id, event_time, store_time, stream, stream_sequence, hash, entry,
            workflow_id, agent_id, action, result, service, document_id, initiated_by, trace_id)
        select
            @first + i, 'evt_' || lpad((@first + i)::text, 26, '0'), @start + (@first + i) * interval '1 second', now(), 'project-' || i % 11, i, repeat('a', 64),
            json_build_object(
                'event_id', 'evt_' || lpad((@first + i)::text, 26, '0'), 'timestamp', @start + (@first + i) * interval '1 second', 'workflow_id', 'task_' || i / 20,
                'action', 'tool_call', 'result', 'success', 'service', 'tool-gateway', 'schema_version', 1, 'rbac_scope', 'tasks:run skills:read',
                'attributes', json_build_object('tool', 'read_text_file', 'note', repeat('x', 300)))::text,
            'task_' || i / 20, 'agent-' || i % 997, case when i % 3 = 0 then 'llm_completion' else 'tool_call' end,
            case when i % 50 = 0 then 'denied' else 'success' end, 'tool-gateway', 'sheet-' || i % 50021, 'user-' || i % 4999, to_hex(i / 20)
        from generate_series(@from + 1, @to) as i
        """;

    /// <summary>Adds rows to the trail until it has a number of them.</summary>
    public async Task FillAsync(int rows, CancellationToken cancellationToken)
    {
        const int Step = 100_000;
        await using var connection = await audit.Database.OpenConnectionAsync(cancellationToken);
        var present = (int)await audit.CountAsync(cancellationToken);
        var indexes = await DropIndexesAsync(connection, cancellationToken);
        for (var from = present; from < rows; from += Step)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var to = Math.Min(from + Step, rows);
            await using var fill = new NpgsqlCommand(Fill, connection, transaction) { CommandTimeout = 0 };
            fill.Parameters.AddWithValue("first", 0L);
            fill.Parameters.AddWithValue("start", Start);
            fill.Parameters.AddWithValue("from", from);
            fill.Parameters.AddWithValue("to", to);
            await fill.ExecuteNonQueryAsync(cancellationToken);
            await using var move = new NpgsqlCommand("update chain_head set sequence = $1", connection, transaction) { Parameters = { new() { Value = to } } };
            await move.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await ExecuteAsync(connection, "set maintenance_work_mem = '1GB'", cancellationToken);
        foreach (var definition in indexes)
        {
            await ExecuteAsync(connection, definition, cancellationToken);
        }

        await ExecuteAsync(connection, "vacuum analyze audit_event", cancellationToken);
    }

    /// <summary>Searches one after the other, by another filter each time; returns the 95th percentile in milliseconds.</summary>
    public async Task<double> P95Async(int rows, CancellationToken cancellationToken)
    {
        var client = new AuditService.AuditServiceClient(audit.Service.As("bench", ("role", "admin")));
        var latencies = new List<double>();
        for (var i = 0; i < Searches; i++)
        {
            var request = new SearchEventsRequest { PageSize = 100, Order = EventOrder.NewestFirst, Filter = Filter(i, Random.Shared.Next(rows)) };
            var one = await Load.TimesAsync(1, 1, async _ => await client.SearchEventsAsync(request, cancellationToken: cancellationToken));
            latencies.Add(one.P50);
        }

        latencies.Sort();
        return latencies[(int)(latencies.Count * 0.95)];
    }

    private static EventFilter Filter(int kind, int row) => (kind % 8) switch
    {
        0 => new() { WorkflowId = $"task_{row / 20}" },
        1 => new() { AgentId = $"agent-{row % 997}", StartTime = At(row), EndTime = At(row + 86_400) },
        2 => new() { InitiatedBy = $"user-{row % 4999}" },
        3 => new() { DocumentId = $"sheet-{row % 50021}" },
        4 => new() { TraceId = $"{row / 20:x}" },
        5 => new() { Action = "llm_completion", StartTime = At(row), EndTime = At(row + 3600) },
        6 => new() { Result = "denied", StartTime = At(row), EndTime = At(row + 86_400) },
        _ => new() { ProjectId = $"project-{row % 11}", StartTime = At(row), EndTime = At(row + 3600), Text = "read_text_file" },
    };

    private static Timestamp At(int second) => Start.AddSeconds(second).ToTimestamp();

    // A row at a time, each index would take as long as the row: they are made anew at the end.
    private static async Task<IReadOnlyList<string>> DropIndexesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var definitions = new List<string>();
        var names = new List<string>();
        await using (var select = new NpgsqlCommand("select indexname, indexdef from pg_indexes where tablename = 'audit_event'", connection))
        await using (var reader = await select.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                names.Add(reader.GetString(0));
                definitions.Add(reader.GetString(1).Replace(" ON ONLY ", " ON ", StringComparison.Ordinal));
            }
        }

        await ExecuteAsync(connection, $"drop index {string.Join(", ", names)}", cancellationToken);
        return definitions;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
