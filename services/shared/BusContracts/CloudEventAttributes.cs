using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mainstay.BusContracts;

/// <summary>An audit event's attributes in CloudEvents 1.0: on the bus they are headers, each name after <c>cloudEvents_</c>.</summary>
public static class CloudEventAttributes
{
    /// <summary>What stands before each name in a header (CloudEvents' AMQP binding).</summary>
    public const string HeaderPrefix = "cloudEvents_";

    /// <summary>The attributes of an event, which may come from a newer producer; those without a value are left out.</summary>
    public static IEnumerable<(string Name, string Value)> Of(JsonObject auditEvent)
    {
        string Text(string name) => auditEvent[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";
        (string Name, string Value)[] attributes =
        [
            ("specversion", "1.0"),
            ("id", Text("event_id")),
            ("source", $"/mainstay/{Text("service")}"),
            ("type", $"mainstay.audit.{Text("action")}"),
            ("time", Text("timestamp")),
            ("subject", Text("workflow_id")),
            ("dataschema", $"urn:mainstay:audit-event:{auditEvent["schema_version"] ?? AuditEvent.CurrentSchemaVersion}"),
        ];
        return attributes.Where(attribute => attribute.Value.Length > 0);
    }
}
