using System.Text;
using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Canonical;

namespace Mainstay.ServiceDefaults.Tests.Canonical;

public sealed class CanonicalJsonTests
{
    private static readonly JsonArray Cases =
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Canonical/vectors/cases.json")))!.AsArray();

    public static TheoryData<string> Forms => [.. Names(refused: false)];

    public static TheoryData<string> Refusals => [.. Names(refused: true)];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Serialize_Vector_IsTheCanonicalForm(string name)
    {
        var vector = Vector(name);
        var value = JsonNode.Parse((string)vector["input"]!);

        Assert.Equal((string)vector["canonical"]!, Encoding.UTF8.GetString(CanonicalJson.Serialize(value)));
        Assert.Equal((string)vector["sha256"]!, CanonicalJson.Digest(value));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Serialize_ValueWithoutCanonicalForm_IsRefused(string name) =>
        Assert.ThrowsAny<Exception>(() => CanonicalJson.Serialize(JsonNode.Parse((string)Vector(name)["input"]!)));

    private static IEnumerable<string> Names(bool refused) =>
        Cases.Where(vector => vector!.AsObject().ContainsKey("error") == refused).Select(vector => (string)vector!["name"]!);

    private static JsonNode Vector(string name) => Cases.Single(vector => (string)vector!["name"]! == name)!;
}
