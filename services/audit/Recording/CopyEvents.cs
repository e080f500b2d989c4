using Npgsql;

namespace Mainstay.Audit.Recording;

/// <summary>Writes entries by one binary COPY.</summary>
internal sealed class CopyEvents
{
    private const string Copy = """
        copy audit_event (
            sequence, event_id, event_time, store_time, stream, stream_sequence, hash, entry,
            workflow_id, agent_id, action, result, service, document_id, initiated_by, trace_id)
        from stdin (format binary)
        """;

    private const short Columns = 16;

    // The database inserts one piece while the next is being written.
    private const int PieceBytes = 64 * 1024;

    private readonly CopyBuffer buffer = new(PieceBytes * 2);

    /// <summary>Writes them in their order; calls back once all are on their way.</summary>
    public void Execute(NpgsqlConnection connection, IEnumerable<ChainedEvent> events, DateTimeOffset storeTime, Action whileCopying)
    {
        using var stream = connection.BeginRawBinaryCopy(Copy);
        buffer.Begin();
        foreach (var (sequence, place, incoming) in events)
        {
            var fields = incoming.Fields;
            buffer.BeginRow(Columns);
            buffer.Write(sequence);
            buffer.Write(fields.EventId);
            buffer.Write(fields.Timestamp);
            buffer.Write(storeTime);
            buffer.Write(incoming.Stream);
            buffer.Write(place.Sequence);
            buffer.Write(place.Hash);
            buffer.Write(incoming.Entry.Span);
            buffer.Write(fields.WorkflowId.Span);
            buffer.Write(fields.AgentId.Span);
            buffer.Write(fields.Action.Span);
            buffer.Write(fields.Result.Span);
            buffer.Write(fields.Service.Span);
            buffer.Write(fields.DocumentId.Span);
            buffer.Write(fields.InitiatedBy.Span);
            buffer.Write(fields.TraceId.Span);
            if (buffer.Length >= PieceBytes)
            {
                buffer.MoveTo(stream);
            }
        }

        buffer.End();
        buffer.MoveTo(stream);
        whileCopying();
    }
}
