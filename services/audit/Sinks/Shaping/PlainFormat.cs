using System.Text.Json.Nodes;

namespace Mainstay.Audit.Sinks.Shaping;

/// <summary>The event as it was recorded, with its place in the trail (<c>sequence</c>, <c>hash</c>).</summary>
internal sealed class PlainFormat : IEventFormat
{
    public string Name => "plain";

    public string MediaType => "application/json";

    public JsonObject Write(JsonObject fields) => fields;
}
