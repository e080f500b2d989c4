using Npgsql;
using NpgsqlTypes;

namespace Mainstay.Audit.Recording;

/// <summary>Writes entries by one binary COPY.</summary>
internal static class CopyEvents
{
    private const string Copy = """
        copy audit_event (
            sequence, event_id, event_time, store_time, stream, stream_sequence, hash, entry,
            workflow_id, agent_id, action, result, service, document_id, initiated_by, trace_id)
        from stdin (format binary)
        """;

    public static async Task ExecuteAsync(NpgsqlConnection connection, IReadOnlyList<ChainedEvent> events, DateTimeOffset storeTime, CancellationToken cancellationToken)
    {
        await using var writer = await connection.BeginBinaryImportAsync(Copy, cancellationToken);
        foreach (var (sequence, place, incoming) in events)
        {
            var fields = incoming.Fields;
            await writer.StartRowAsync(cancellationToken);
            await writer.WriteAsync(sequence, NpgsqlDbType.Bigint, cancellationToken);
            await writer.WriteAsync(fields.EventId, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(fields.Timestamp.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
            await writer.WriteAsync(storeTime.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
            await writer.WriteAsync(incoming.Stream, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(place.Sequence, NpgsqlDbType.Bigint, cancellationToken);
            await writer.WriteAsync(place.Hash, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(incoming.Entry, NpgsqlDbType.Text, cancellationToken);
            foreach (var copied in (ReadOnlySpan<string>)[fields.WorkflowId, fields.AgentId, fields.Action, fields.Result, fields.Service, fields.DocumentId, fields.InitiatedBy, fields.TraceId])
            {
                writer.Write(copied, NpgsqlDbType.Text);
            }
        }

        await writer.CompleteAsync(cancellationToken);
    }
}
