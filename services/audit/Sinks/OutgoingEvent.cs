using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks.Shaping;

namespace Mainstay.Audit.Sinks;

/// <summary>An event as a sink may have it: redacted, and written in the sink's format.</summary>
/// <param name="Sequence">Its place in the trail.</param>
/// <param name="EventId">Its id, by which a receiver knows a repetition.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="Fields">The event's own fields with <c>sequence</c> and <c>hash</c>.</param>
/// <param name="Format">The format of <paramref name="Json"/>.</param>
/// <param name="Json">The event in that format: one line, control characters escaped.</param>
internal sealed record OutgoingEvent(long Sequence, string EventId, DateTimeOffset Timestamp, JsonObject Fields, IEventFormat Format, string Json)
{
    /// <summary>A field of text; empty when it is missing.</summary>
    public string Text(string name) => Fields.Text(name);
}

/// <summary>An event ready to be sent.</summary>
internal sealed record EncodedEvent(OutgoingEvent Event, byte[] Bytes);
