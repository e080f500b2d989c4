using System.Text.Json;

namespace Mainstay.Demo;

/// <summary>An audit event as the sink received it.</summary>
internal sealed record AuditEntry(
    string EventId,
    long Sequence,
    DateTimeOffset Timestamp,
    string WorkflowId,
    string ActivityId,
    string TraceId,
    string Service,
    string Action,
    string Result,
    string Initiator,
    string Rule,
    string Level,
    IReadOnlyDictionary<string, string> Facts)
{
    public static AuditEntry Read(JsonElement data)
    {
        var policy = data.TryGetProperty("policy", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        return new AuditEntry(
            Text(data, "event_id"),
            data.GetProperty("sequence").ValueKind == JsonValueKind.Number ? data.GetProperty("sequence").GetInt64() : long.Parse(Text(data, "sequence"), System.Globalization.CultureInfo.InvariantCulture),
            data.GetProperty("timestamp").GetDateTimeOffset(),
            Text(data, "workflow_id"),
            Text(data, "activity_id"),
            Text(data, "trace_id"),
            Text(data, "service"),
            Text(data, "action"),
            Text(data, "result"),
            Text(data.GetProperty("user_context"), "initiated_by"),
            Text(policy, "rule"),
            Text(policy, "level"),
            FactsOf(data));
    }

    private static Dictionary<string, string> FactsOf(JsonElement data)
    {
        var facts = data.TryGetProperty("attributes", out var attributes)
            ? attributes.EnumerateObject().ToDictionary(attribute => attribute.Name, attribute => attribute.Value.ToString())
            : [];
        if (data.TryGetProperty("resource", out var resource))
        {
            facts["resource"] = string.Join('/', ((string[])["connector", "document_name"]).Select(name => Text(resource, name)).Where(text => text.Length > 0));
        }

        return facts;
    }

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value.ToString() : "";
}
