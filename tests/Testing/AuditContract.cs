using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Schemas;

namespace Mainstay.Testing;

/// <summary>Holds audit events to what docs/audit-events.md promises consumers.</summary>
public static class AuditContract
{
    private static readonly string[] Headers =
        ["cloudEvents_specversion", "cloudEvents_id", "cloudEvents_source", "cloudEvents_type", "cloudEvents_time", "cloudEvents_dataschema"];

    /// <summary>The published schema.</summary>
    public static JsonNode Schema { get; } = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "audit-event.schema.json")))!;

    /// <summary>Where an event is not as the contract says; empty when it is. Mainstay's own services write every field.</summary>
    public static IReadOnlyList<string> Violations(JsonObject auditEvent) =>
    [
        .. JsonSchemaValidator.Validate(Schema, auditEvent).Select(violation => violation.ToString()),
        .. Schema["properties"]!.AsObject().Where(property => !auditEvent.ContainsKey(property.Key)).Select(property => $"{property.Key} is missing"),
    ];

    /// <summary>Where a message is not as the contract says; empty when it is.</summary>
    public static IReadOnlyList<string> Violations(BusMessage message)
    {
        var auditEvent = JsonNode.Parse(message.Body.Span)!.AsObject();
        var expected = $"{auditEvent["service"]}.{auditEvent["action"]}.{auditEvent["result"]}";
        return
        [
            .. Violations(auditEvent),
            .. Headers.Where(header => !message.Headers.ContainsKey(header)).Select(header => $"the header {header} is missing"),
            .. message.RoutingKey == expected && expected.Split('.').Length == 3 ? Array.Empty<string>() : [$"the routing key is {message.RoutingKey}, not {expected}"],
            .. message.Persistent ? Array.Empty<string>() : ["it is not persistent"],
        ];
    }
}
