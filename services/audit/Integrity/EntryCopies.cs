using System.Text.Json;
using Mainstay.Audit.Recording;
using Mainstay.BusContracts;

namespace Mainstay.Audit.Integrity;

/// <summary>What a row says of its entry so that it can be searched by, and which must therefore be what the entry says.</summary>
internal sealed record EntryCopies(
    string EventId,
    DateTime EventTime,
    string Stream,
    string WorkflowId,
    string AgentId,
    string Action,
    string Result,
    string Service,
    string DocumentId,
    string InitiatedBy,
    string TraceId)
{
    /// <summary>The copies that an entry has; the stream is the row's own where the entry is older than streams. Null when the text is no event.</summary>
    public static EntryCopies? Of(string entry, string rowStream)
    {
        try
        {
            return JsonSerializer.Deserialize<AuditEvent>(entry) is { } typed ? Of(typed, rowStream) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static EntryCopies Of(AuditEvent typed, string rowStream) =>
        new(
            typed.EventId,
            // A producer may write finer times than the column holds.
            new DateTime(typed.Timestamp.UtcTicks - (typed.Timestamp.UtcTicks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc),
            rowStream == IncomingEvent.ReservedStream ? rowStream : typed.Resource?.ProjectId ?? "",
            typed.WorkflowId,
            typed.AgentId,
            typed.Action,
            typed.Result,
            typed.Service,
            typed.Resource?.DocumentId ?? "",
            typed.UserContext?.InitiatedBy ?? "",
            typed.TraceId);
}
