using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Schemas;

namespace Mainstay.Skills.Comparing;

/// <summary>Reads one schema document with its references followed and its conjunctions merged.</summary>
internal sealed class SchemaView(JsonNode root)
{
    // References that lead on to references.
    private const int MostSteps = 64;

    private static readonly HashSet<string> Annotations =
    [
        "$schema", "$id", "$anchor", "$dynamicAnchor", "$comment", "$defs", "$vocabulary", "title", "description", "default", "examples",
        "deprecated", "readOnly", "writeOnly", "format", "contentEncoding", "contentMediaType", "contentSchema",
    ];

    /// <summary>Keywords that are compared as they stand.</summary>
    public static IReadOnlyList<string> Opaque { get; } =
    [
        "not", "if", "then", "else", "contains", "minContains", "maxContains", "dependentRequired", "dependentSchemas", "propertyNames",
        "unevaluatedItems", "unevaluatedProperties", "$dynamicRef",
    ];

    /// <summary>The schema's assertions as one object; null where they cannot be put together.</summary>
    public JsonObject? Flatten(JsonNode? schema)
    {
        var merged = new JsonObject();
        return Merge(schema, merged, 0) ? merged : null;
    }

    /// <summary>A part of the document with what its references lead to.</summary>
    public JsonObject WithDefinitions(JsonObject part)
    {
        var whole = part.DeepClone().AsObject();
        if (root is JsonObject document && document["$defs"] is { } definitions)
        {
            whole["$defs"] = definitions.DeepClone();
        }

        return whole;
    }

    private bool Merge(JsonNode? schema, JsonObject merged, int steps)
    {
        if (schema is null || schema.GetValueKind() == JsonValueKind.True)
        {
            return true;
        }

        if (schema is not JsonObject keywords || steps > MostSteps)
        {
            return false;
        }

        foreach (var (name, value) in keywords.Where(keyword => !Annotations.Contains(keyword.Key)))
        {
            var isMerged = name switch
            {
                "$ref" => Find(value?.GetValue<string>()) is { } target && Merge(target, merged, steps + 1),
                "allOf" when value is JsonArray parts => parts.All(part => Merge(part, merged, steps + 1)),
                _ => Add(merged, name, value),
            };
            if (!isMerged)
            {
                return false;
            }
        }

        return true;
    }

    private static bool Add(JsonObject merged, string name, JsonNode? value)
    {
        if (!merged.TryGetPropertyValue(name, out var known))
        {
            merged[name] = value?.DeepClone();
            return true;
        }

        switch (name)
        {
            case "required" when known is JsonArray names && value is JsonArray more:
                foreach (var one in more)
                {
                    names.Add(one?.DeepClone());
                }

                return true;
            case "properties" when known is JsonObject properties && value is JsonObject further:
                foreach (var (property, schema) in further)
                {
                    properties[property] = properties[property] is { } first
                        ? new JsonObject { ["allOf"] = new JsonArray(first.DeepClone(), schema?.DeepClone()) }
                        : schema?.DeepClone();
                }

                return true;
            case "minimum" or "exclusiveMinimum" or "minLength" or "minItems" or "minProperties":
                merged[name] = Math.Max(SchemaBounds.Number(merged, name) ?? double.NegativeInfinity, SchemaBounds.Number(value) ?? double.NegativeInfinity);
                return true;
            case "maximum" or "exclusiveMaximum" or "maxLength" or "maxItems" or "maxProperties":
                merged[name] = Math.Min(SchemaBounds.Number(merged, name) ?? double.PositiveInfinity, SchemaBounds.Number(value) ?? double.PositiveInfinity);
                return true;
            case "type":
                merged[name] = SchemaTypes.Common(known, value);
                return true;
            default:
                return JsonNode.DeepEquals(known, value);
        }
    }

    private JsonNode? Find(string? reference)
    {
        if (reference is null || !reference.StartsWith('#'))
        {
            return null;
        }

        var place = root;
        foreach (var token in Uri.UnescapeDataString(reference[1..]).Split('/', StringSplitOptions.RemoveEmptyEntries).Select(JsonPointer.Unescape))
        {
            place = place switch
            {
                JsonObject members => members[token],
                JsonArray items when int.TryParse(token, out var index) && index >= 0 && index < items.Count => items[index],
                _ => null,
            };
            if (place is null)
            {
                return null;
            }
        }

        return place;
    }
}
