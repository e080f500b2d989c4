using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Audit.Recording;
using Mainstay.ServiceDefaults.Schemas;
using Mainstay.Testing;

namespace Mainstay.Audit.Tests.Contract;

/// <summary>What the schema promises to producers is what the service takes.</summary>
public sealed class SchemaTests
{
    private const int MostCharacters = 512;

    private static readonly string[] Limited =
        ["action", "result", "service", "workflow_id", "agent_id", "resource.project_id", "resource.document_id", "user_context.initiated_by"];

    /// <summary>A field, its value as JSON has it, and whether it is good.</summary>
    public static TheoryData<string, string, bool> Values =>
    [
        .. Limited.SelectMany(name => ((string, string, bool)[])
        [
            (name, Text("a", MostCharacters), true),
            (name, Text("a", MostCharacters + 1), false),
            (name, Text("😀", MostCharacters), true),
            (name, Text("😀", MostCharacters + 1), false),
            (name, "null", false),
            (name, "1", false),
        ]),
        ("action", "\"\"", false),
        ("result", "\"\"", false),
        ("service", "\"\"", false),
        ("resource.project_id", "\"*\"", false),
        ("resource.project_id", "\"**\"", true),
        ("resource", "null", false),
        ("user_context", "null", false),
        ("attributes", "null", false),
        ("attributes", """{"a":1}""", false),
        ("policy", "null", true),
        ("latency_ms", "12.0", true),
        ("latency_ms", "1.2e1", true),
        ("latency_ms", "12.5", false),
        ("latency_ms", "\"12\"", false),
        ("latency_ms", "-9007199254740991", true),
        ("latency_ms", "9007199254740991", true),
        ("latency_ms", "1e15", true),
        ("latency_ms", "1e400", false),
        ("schema_version", "1.0", true),
        ("schema_version", "2", false),
        ("schema_version", "4294967297", false),
        ("event_id", "\"evt_01ARZ3NDEKTSV4RRFFQ69G5FAV\"", true),
        ("event_id", "\"evt_01ARZ3NDEKTSV4RRFFQ69G5FAV\\n\"", false),
        ("event_id", "\"evt_01ARZ3NDEKTSV4RRFFQ69G5FAI\"", false),
        ("timestamp", "\"2026-03-01T12:00:00Z\"", true),
        ("timestamp", "\"2026-03-01T12:00:00.1234567890123456+14:00\"", true),
        ("timestamp", "\"2026-03-01T12:00:00.12345678901234567Z\"", false),
        ("timestamp", "\"2026-03-01T12:00:00+14:01\"", false),
        ("timestamp", "\"2026-13-01T12:00:00Z\"", false),
        ("timestamp", "\"2026-03-01T24:00:00Z\"", false),
        ("timestamp", "\"2026-03-01T23:59:60Z\"", false),
        ("timestamp", "\"0000-03-01T12:00:00Z\"", false),
        ("unknown", """{"a":[1,{}]}""", true),
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void Schema_Value_IsJudgedAsByTheService(string field, string value, bool isGood)
    {
        var message = With(field, value);
        var violations = JsonSchemaValidator.Validate(AuditContract.Schema, JsonNode.Parse(message));

        Assert.Equal((isGood, isGood), (violations.Count == 0, IncomingEvent.TryRead(message, out _, out var reason)));
        Assert.Equal(isGood, reason.Length == 0);
    }

    private static string Text(string character, int count) => $"\"{string.Concat(Enumerable.Repeat(character, count))}\"";

    private static byte[] With(string path, string value)
    {
        var names = path.Split('.');
        var whole = JsonSerializer.SerializeToNode(AuditFixture.NewEvent("workflow"))!;
        var parent = names.Length == 1 ? whole : whole[names[0]]!;

        // As it is written: a node would write its number in another way.
        parent[names[^1]] = "{value}";
        return Encoding.UTF8.GetBytes(whole.ToJsonString().Replace("\"{value}\"", value, StringComparison.Ordinal));
    }
}
