using System.Text.Json.Nodes;
using Mainstay.BusContracts;

namespace Mainstay.Audit.Sinks.Shaping;

/// <summary>CloudEvents 1.0 in structured JSON: the attributes that the bus carries as headers, the event as <c>data</c>.</summary>
internal sealed class CloudEventsFormat : IEventFormat
{
    public string Name => "cloudevents";

    public string MediaType => "application/cloudevents+json";

    public JsonObject Write(JsonObject fields)
    {
        var written = new JsonObject();
        foreach (var (name, value) in CloudEventAttributes.Of(fields))
        {
            written[name] = value;
        }

        written["datacontenttype"] = "application/json";
        written["data"] = fields.DeepClone();
        return written;
    }
}
