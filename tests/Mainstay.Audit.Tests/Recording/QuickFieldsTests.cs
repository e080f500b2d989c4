using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Mainstay.Audit.Recording;
using Mainstay.BusContracts;
using Mainstay.ServiceDefaults.Canonical;

namespace Mainstay.Audit.Tests.Recording;

/// <summary>What is read quickly must be what the serializer reads, and what is written quickly the canonical form.</summary>
public sealed class QuickFieldsTests
{
    private const string Required = """
        "event_id":"evt_01","timestamp":"2026-01-02T03:04:05.6789+01:00","action":"a","result":"r","service":"s"
        """;

    public static TheoryData<string> Ordinary =>
    [
        $$"""{ {{Required}} }""",
        $$"""{ {{Required}}, "workflow_id":"w\u0027 \u00e9\n","agent_id":"ä","trace_id":"\ud83d\ude00","latency_ms":12,"schema_version":1,"policy":null }""",
        $$"""{ {{Required}}, "resource":{"project_id":"p","document_id":"d","connector":"c","more":[1,2,{}]},"user_context":{"initiated_by":"i","on_behalf_of":"o"} }""",
        $$"""{ {{Required}}, "policy":{"rule":"x","reason":"agent's \"own\" \\ rule"},"attributes":{"b":"2","a":"1","aaaaaaaab":"","aaaaaaaaa":""},"unknown":{"é":1.50,"😀":-0.0,"z":1e3} }""",
    ];

    public static TheoryData<string> Extraordinary =>
    [
        "[]",
        $$"""{ {{Required}}, "latency_ms":"12" }""",
        $$"""{ {{Required}}, "latency_ms":1.5 }""",
        $$"""{ {{Required}}, "schema_version":99999999999 }""",
        $$"""{ {{Required}}, "workflow_id":null }""",
        $$"""{ {{Required}}, "resource":null }""",
        $$"""{ {{Required}}, "attributes":{"a":1} }""",
        $$"""{ {{Required}}, "work\u0066low_id":"w" }""",
        """{"event_id":"evt_01","timestamp":"yesterday","action":"a","result":"r","service":"s"}""",
        """{"event_id":"evt_01","timestamp":"2026-01-02T03:04:05Z","action":"a","result":"r"}""",
    ];

    /// <summary>The path of each field that the contract has.</summary>
    public static TheoryData<string> Fields => [.. PathsOf(typeof(AuditEvent))];

    [Theory]
    [MemberData(nameof(Ordinary))]
    public void TryRead_OrdinaryEvent_IsWhatTheSerializerReads(string json)
    {
        var quick = QuickFields.TryRead(Encoding.UTF8.GetBytes(json), out _);

        Assert.Equal(TextsOf(EventFields.Of(JsonSerializer.Deserialize<AuditEvent>(json)!)), TextsOf(quick!));
    }

    [Theory]
    [MemberData(nameof(Extraordinary))]
    public void TryRead_AnythingElse_IsLeftToTheSerializer(string json)
    {
        Assert.Null(QuickFields.TryRead(Encoding.UTF8.GetBytes(json), out var isCanonical));
        Assert.False(isCanonical);
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void TryRead_FieldOfTheContractHoldsAList_IsLeftToTheSerializer(string path)
    {
        var message = JsonNode.Parse($$"""{ {{Required}}, "resource":{},"user_context":{},"policy":{} }""")!;
        var parent = path.Split('.') is [var outer, _] ? message[outer]! : message;
        parent[path.Split('.')[^1]] = new JsonArray();

        Assert.Null(QuickFields.TryRead(Encoding.UTF8.GetBytes(message.ToJsonString()), out _));
    }

    [Theory]
    [MemberData(nameof(Ordinary))]
    [MemberData(nameof(Extraordinary))]
    public void Serialize_AnyJson_IsItsCanonicalForm(string json)
    {
        using var document = JsonDocument.Parse(json);

        var canonical = CanonicalEntry.Serialize(document.RootElement, json.Length);

        Assert.Equal(Encoding.UTF8.GetString(CanonicalJson.Serialize(JsonNode.Parse(json))), Encoding.UTF8.GetString(canonical));
    }

    private static Dictionary<string, string> TextsOf(EventFields fields) => typeof(EventFields).GetProperties().ToDictionary(
        property => property.Name,
        property => property.GetValue(fields) is ReadOnlyMemory<byte> utf8 ? Encoding.UTF8.GetString(utf8.Span) : JsonSerializer.Serialize(property.GetValue(fields)));

    private static IEnumerable<string> PathsOf(Type type) => type.GetProperties().SelectMany(property =>
    {
        var name = property.GetCustomAttribute<JsonPropertyNameAttribute>()!.Name;
        return property.PropertyType.Assembly == type.Assembly ? PathsOf(property.PropertyType).Select(inner => $"{name}.{inner}").Prepend(name) : [name];
    });
}
