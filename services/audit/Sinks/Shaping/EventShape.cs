using System.Text.Json.Nodes;
using Mainstay.Audit.Search;

namespace Mainstay.Audit.Sinks.Shaping;

/// <summary>Turns an entry of the trail into what one sink may have: filtered, redacted, formatted, cut to its size.</summary>
internal sealed class EventShape(EventFilter filter, Redaction redaction, IEventFormat format)
{
    public IEventFormat Format => format;

    /// <summary>The event for a sink; null when the sink's filter leaves it out.</summary>
    public EncodedEvent? Shape(StoredEvent stored, IAuditSink sink)
    {
        var fields = JsonNode.Parse(stored.Entry)!.AsObject();
        if (!filter.LetsPass(fields))
        {
            return null;
        }

        redaction.Apply(fields);
        fields["sequence"] = stored.Sequence;
        fields["hash"] = stored.Hash;
        return Encode(fields, stored.Sequence, sink);
    }

    /// <summary>Fields as a sink sends them.</summary>
    public EncodedEvent Encode(JsonObject fields, long sequence, IAuditSink sink)
    {
        while (true)
        {
            // The default encoder escapes control characters and all that is not ASCII: nothing in a value can end the line or turn its direction.
            var outgoing = new OutgoingEvent(sequence, fields.Text("event_id"), fields.Time("timestamp"), fields, format, format.Write(fields).ToJsonString());
            var bytes = sink.Encode(outgoing);
            if (bytes.Length <= sink.Limits.MostEventBytes || !CutToSize.CutOnce(fields))
            {
                return new EncodedEvent(outgoing, bytes);
            }
        }
    }
}
