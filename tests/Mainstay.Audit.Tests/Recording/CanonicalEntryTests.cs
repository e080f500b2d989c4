using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Audit.Recording;

namespace Mainstay.Audit.Tests.Recording;

/// <summary>The trail's own writer of canonical JSON and the shared one are held to the same vectors.</summary>
public sealed class CanonicalEntryTests
{
    private const string Before = """{"action":"a","event_id":"evt_01","result":"r","service":"s","timestamp":"2026-01-02T03:04:05Z","z":""";

    private static readonly JsonArray Cases =
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors/rfc8785/cases.json")))!.AsArray();

    public static TheoryData<string> Forms => [.. Names(refused: false)];

    public static TheoryData<string> Refusals => [.. Names(refused: true)];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Serialize_Vector_IsTheCanonicalForm(string name)
    {
        var vector = Vector(name);

        Assert.Equal((string)vector["canonical"]!, Serialize((string)vector["input"]!));
        Assert.Equal((string)vector["canonical"]!, Serialize((string)vector["canonical"]!));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void IsCanonical_EventWithVector_IsItsOwnCanonicalForm(string name)
    {
        var canonical = $"{Before}{(string)Vector(name)["canonical"]!}}}";
        foreach (var json in (string[])[$"{Before}{(string)Vector(name)["input"]!}}}", canonical])
        {
            QuickFields.TryRead(Encoding.UTF8.GetBytes(json), out var isCanonical);

            Assert.True(!isCanonical || json == canonical, json);
        }
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Serialize_ValueWithoutCanonicalForm_IsRefused(string name) => Assert.ThrowsAny<Exception>(() => Serialize((string)Vector(name)["input"]!));

    private static string Serialize(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Encoding.UTF8.GetString(CanonicalEntry.Serialize(document.RootElement, json.Length));
    }

    private static IEnumerable<string> Names(bool refused) =>
        Cases.Where(vector => vector!.AsObject().ContainsKey("error") == refused).Select(vector => (string)vector!["name"]!);

    private static JsonNode Vector(string name) => Cases.Single(vector => (string)vector!["name"]! == name)!;
}
