using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Schemas;

namespace Mainstay.Skills.Comparing;

/// <summary>What a schema says about an object's properties.</summary>
internal sealed class ObjectShape(JsonObject schema)
{
    private readonly JsonObject properties = schema["properties"] as JsonObject ?? [];
    private readonly JsonObject patterns = schema["patternProperties"] as JsonObject ?? [];

    public IEnumerable<string> Names => properties.Select(property => property.Key);

    public IEnumerable<string> Patterns => patterns.Select(pattern => pattern.Key);

    public IReadOnlySet<string> Required { get; } =
        (schema["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);

    /// <summary>The schema of properties that are not named; null for any.</summary>
    public JsonNode? Further => schema["additionalProperties"];

    /// <summary>The schema of one property; null for any.</summary>
    public JsonNode? SchemaOf(string name)
    {
        var applicable = patterns.Where(pattern => SchemaPattern.IsMatch(pattern.Key, name)).Select(pattern => pattern.Value).ToList();
        if (properties.TryGetPropertyValue(name, out var own))
        {
            applicable.Insert(0, own);
        }

        return applicable.Count switch
        {
            0 => Further,
            1 => applicable[0],
            _ => new JsonObject { ["allOf"] = new JsonArray([.. applicable.Select(one => one?.DeepClone())]) },
        };
    }
}
