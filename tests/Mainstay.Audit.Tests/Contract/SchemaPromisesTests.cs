using System.Text.Json.Nodes;
using Mainstay.Testing;

namespace Mainstay.Audit.Tests.Contract;

/// <summary>What version 1 of the schema promised when it was published stays: fields are only added. A broken promise needs a version 2, never another copy.</summary>
public sealed class SchemaPromisesTests
{
    private static readonly string[] Words = ["title", "description"];

    private static JsonObject Promised => JsonNode.Parse(File.ReadAllText("vectors/audit-event/version-1.json"))!.AsObject();

    [Fact]
    public void Schema_AgainstWhatWasPublished_OnlyAdds() => Assert.Empty(Broken(Promised, AuditContract.Schema, ""));

    [Fact]
    public void Broken_FieldsAdded_IsNothing()
    {
        var schema = Promised;
        schema["properties"]!["colour"] = new JsonObject { ["type"] = "string" };
        schema["properties"]!["resource"]!["properties"]!["size"] = new JsonObject { ["type"] = "integer" };
        schema["properties"]!["action"]!["description"] = "Said better.";

        Assert.Empty(Broken(Promised, schema, ""));
    }

    [Theory]
    [InlineData("/properties/policy/properties/rule", null)]
    [InlineData("/properties/latency_ms/type", "\"number\"")]
    [InlineData("/properties/action/maxLength", "100")]
    [InlineData("/properties/rbac_scope/maxLength", "512")]
    [InlineData("/properties/policy/type", "\"object\"")]
    [InlineData("/properties/schema_version/const", "2")]
    [InlineData("/required", """["event_id","timestamp","action","result","service","agent_id"]""")]
    [InlineData("/additionalProperties", "false")]
    [InlineData("/$id", "\"urn:mainstay:audit-event:2\"")]
    public void Broken_AnythingElse_IsNamed(string path, string? value)
    {
        var schema = Promised;
        var names = path.Split('/')[1..];
        var parent = names[..^1].Aggregate((JsonNode)schema, (node, name) => node[name]!).AsObject();
        parent.Remove(names[^1]);
        if (value is not null)
        {
            parent[names[^1]] = JsonNode.Parse(value);
        }

        Assert.Equal([path], Broken(Promised, schema, ""));
    }

    private static IEnumerable<string> Broken(JsonNode promised, JsonNode schema, string path)
    {
        foreach (var name in promised.AsObject().Concat(schema.AsObject()).Select(keyword => keyword.Key).Except(Words))
        {
            if (name != "properties" || promised[name] is not JsonObject fields || schema[name] is null)
            {
                if (!JsonNode.DeepEquals(promised[name], schema[name]))
                {
                    yield return $"{path}/{name}";
                }

                continue;
            }

            foreach (var (field, described) in fields)
            {
                foreach (var broken in schema[name]![field] is { } now ? Broken(described!, now, $"{path}/{name}/{field}") : [$"{path}/{name}/{field}"])
                {
                    yield return broken;
                }
            }
        }
    }
}
