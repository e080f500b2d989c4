using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Schemas;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Comparing;

/// <summary>
/// Finds where one schema lets values through that another refuses. Sound rather than complete: what it cannot decide it reports, and what it does not
/// report is contained.
/// </summary>
internal sealed class SchemaContainment(JsonNode inner, JsonNode outer, string innerName, string outerName)
{
    // Deeper than any schema a person writes; a schema may refer to itself without end.
    private const int MaximumDepth = 64;

    private readonly List<Gap> gaps = [];
    private readonly SchemaView innerView = new(inner);
    private readonly SchemaView outerView = new(outer);

    /// <summary>The places where a value of the inner schema may not fit the outer one; empty when all fit.</summary>
    public IReadOnlyList<Gap> Find()
    {
        if (!JsonNode.DeepEquals(inner, outer))
        {
            Compare(inner, outer, "", 0);
        }

        return [.. gaps.Distinct()];
    }

    private void Compare(JsonNode? innerSchema, JsonNode? outerSchema, string path, int depth)
    {
        if (depth > MaximumDepth || IsAnything(outerSchema) || IsNothing(innerSchema))
        {
            return;
        }

        if (IsNothing(outerSchema))
        {
            Report(path, SchemaDifferenceKind.NotAllowed, $"{innerName} allows a value here, which {outerName} never does");
            return;
        }

        var (from, to) = (innerView.Flatten(innerSchema), outerView.Flatten(outerSchema));
        if (from is null || to is null)
        {
            Undecided(path, "the schemas combine parts that contradict or refer to what they do not hold");
            return;
        }

        if (Alternatives(from) is { } alternatives)
        {
            foreach (var alternative in alternatives)
            {
                Compare(alternative, outerSchema, path, depth + 1);
            }
        }
        else if (Values(from) is { } values)
        {
            CompareValues(values, to, path);
        }
        else
        {
            CompareKeywords(from, to, path, depth);
        }
    }

    private void CompareKeywords(JsonObject from, JsonObject to, string path, int depth)
    {
        var types = SchemaTypes.Of(from);
        var surplus = SchemaTypes.NotIn(types, SchemaTypes.Of(to));
        if (surplus.Count > 0)
        {
            Report(path, SchemaDifferenceKind.Type, $"{innerName} allows {string.Join(" or ", surplus)} here, which {outerName} does not");
        }

        if (to.ContainsKey("enum") || to.ContainsKey("const"))
        {
            Report(path, SchemaDifferenceKind.Value, $"{outerName} allows only certain values here, and {innerName} any of its type");
        }

        foreach (var (kind, message) in SchemaBounds.Gaps(from, to, types, innerName, outerName))
        {
            Report(path, kind, message);
        }

        CompareOpaque(from, to, path, depth);
        if (types.Contains("object"))
        {
            CompareProperties(from, to, path, depth);
        }

        if (types.Contains("array"))
        {
            CompareItems(from, to, path, depth);
        }
    }

    private void CompareProperties(JsonObject from, JsonObject to, string path, int depth)
    {
        var (own, other) = (new ObjectShape(from), new ObjectShape(to));
        foreach (var name in other.Required.Except(own.Required))
        {
            Report(JsonPointer.Append(path, name), SchemaDifferenceKind.Required, $"{outerName} requires the property, and {innerName} lets it be left out");
        }

        // A property that the inner schema does not speak of is no part of what it promises, so that an optional one may be added.
        foreach (var name in own.Names.Union(other.Names).Where(name => own.Further is not null || own.SchemaOf(name) is not null))
        {
            Compare(own.SchemaOf(name), other.SchemaOf(name), JsonPointer.Append(path, name), depth + 1);
        }

        if (own.Patterns.Union(other.Patterns).Any(pattern => !JsonNode.DeepEquals(from["patternProperties"]?[pattern], to["patternProperties"]?[pattern])))
        {
            Undecided(path, "their patternProperties differ");
        }

        Compare(own.Further, other.Further, $"{path}/*", depth + 1);
    }

    private void CompareItems(JsonObject from, JsonObject to, string path, int depth)
    {
        var (own, other) = (from["prefixItems"] as JsonArray ?? [], to["prefixItems"] as JsonArray ?? []);
        for (var i = 0; i < Math.Max(own.Count, other.Count); i++)
        {
            Compare(i < own.Count ? own[i] : from["items"], i < other.Count ? other[i] : to["items"], $"{path}/{i}", depth + 1);
        }

        Compare(from["items"], to["items"], $"{path}/*", depth + 1);
    }

    // Keywords whose meaning is not taken apart: the same on both sides is contained, and so is a case of the alternatives.
    private void CompareOpaque(JsonObject from, JsonObject to, string path, int depth)
    {
        foreach (var keyword in (string[])["anyOf", "oneOf"])
        {
            if (to[keyword] is not JsonArray alternatives || JsonNode.DeepEquals(from[keyword], alternatives))
            {
                continue;
            }

            var fitting = alternatives.Count(alternative => !Contradicts(from, alternative, depth));
            if (fitting == 0 || (keyword == "oneOf" && fitting > 1))
            {
                Undecided(path, $"{outerName} has alternatives ({keyword}), of which none clearly takes all that {innerName} allows");
            }
        }

        foreach (var keyword in SchemaView.Opaque.Where(keyword => to.ContainsKey(keyword) && !JsonNode.DeepEquals(from[keyword], to[keyword])))
        {
            Undecided(path, $"{outerName} has {keyword}, which {innerName} has not in the same form");
        }
    }

    private bool Contradicts(JsonObject from, JsonNode? alternative, int depth)
    {
        var before = gaps.Count;
        Compare(from, alternative, "", depth + 1);
        var contradicts = gaps.Count > before;
        gaps.RemoveRange(before, gaps.Count - before);
        return contradicts;
    }

    private void CompareValues(IEnumerable<JsonNode?> values, JsonObject to, string path)
    {
        foreach (var value in values.Where(value => JsonSchemaValidator.Validate(outerView.WithDefinitions(to), value).Count > 0))
        {
            Report(path, SchemaDifferenceKind.Value, $"{innerName} allows {value?.ToJsonString() ?? "null"} here, which {outerName} does not");
        }
    }

    private void Undecided(string path, string what) =>
        Report(path, SchemaDifferenceKind.Undecided, $"whether {outerName} takes all that {innerName} allows cannot be decided: {what}");

    private void Report(string path, SchemaDifferenceKind kind, string message) => gaps.Add(new Gap(path, kind, message));

    private static IEnumerable<JsonNode?>? Alternatives(JsonObject schema)
    {
        var keyword = schema["anyOf"] is JsonArray ? "anyOf" : "oneOf";
        if (schema[keyword] is not JsonArray alternatives)
        {
            return null;
        }

        // Each alternative holds together with what stands beside it.
        var rest = schema.DeepClone().AsObject();
        rest.Remove(keyword);
        return alternatives.Select(alternative => (JsonNode?)new JsonObject { ["allOf"] = new JsonArray(rest.DeepClone(), alternative?.DeepClone()) });
    }

    private static IEnumerable<JsonNode?>? Values(JsonObject schema) => schema.TryGetPropertyValue("const", out var constant)
        ? new[] { constant }
        : schema["enum"] as JsonArray;

    private static bool IsAnything(JsonNode? schema) => schema is null or JsonObject { Count: 0 } || schema.GetValueKind() == JsonValueKind.True;

    private static bool IsNothing(JsonNode? schema) => schema?.GetValueKind() == JsonValueKind.False;
}

/// <summary>One place where a value of the inner schema may not fit the outer one.</summary>
internal sealed record Gap(string Path, SchemaDifferenceKind Kind, string Message);
