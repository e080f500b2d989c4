using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>What the keywords of draft 2020-12 hold.</summary>
internal static class SchemaKeywords
{
    private static readonly HashSet<string> OfOne =
    [
        "items", "contains", "additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties", "not", "if", "then", "else", "contentSchema",
    ];

    private static readonly HashSet<string> OfSeveral = ["allOf", "anyOf", "oneOf", "prefixItems"];

    private static readonly HashSet<string> OfNamed = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];

    private static readonly HashSet<string> Assertions =
    [
        "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern",
        "minItems", "maxItems", "uniqueItems", "minContains", "maxContains", "minProperties", "maxProperties", "required", "dependentRequired",
    ];

    /// <summary>The schemas directly within a schema; what lies under unknown keywords is none.</summary>
    public static IEnumerable<JsonElement> Subschemas(JsonElement schema)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            var found = (keyword.Value.ValueKind, keyword.Name) switch
            {
                (_, var name) when OfOne.Contains(name) => [keyword.Value],
                (JsonValueKind.Array, var name) when OfSeveral.Contains(name) => keyword.Value.EnumerateArray(),
                (JsonValueKind.Object, var name) when OfNamed.Contains(name) => keyword.Value.EnumerateObject().Select(member => member.Value),
                _ => Enumerable.Empty<JsonElement>(),
            };
            foreach (var subschema in found.Where(subschema => subschema.ValueKind == JsonValueKind.Object))
            {
                yield return subschema;
            }
        }
    }

    /// <summary>A schema without the keywords of the vocabulary for validation.</summary>
    public static JsonElement WithoutAssertions(JsonElement schema) => JsonSerializer.SerializeToElement(new JsonObject(
        schema.EnumerateObject()
            .Where(keyword => !Assertions.Contains(keyword.Name))
            .Select(keyword => KeyValuePair.Create(keyword.Name, (JsonNode?)JsonSerializer.SerializeToNode(keyword.Value)))));
}
