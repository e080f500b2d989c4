using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Comparing;

/// <summary>Compares what schemas demand of sizes and spellings.</summary>
internal static class SchemaBounds
{
    private static readonly (string Type, string Keyword)[] Least =
        [("string", "minLength"), ("array", "minItems"), ("object", "minProperties")];

    private static readonly (string Type, string Keyword)[] Most =
        [("string", "maxLength"), ("array", "maxItems"), ("object", "maxProperties")];

    /// <summary>The bounds of the outer schema that the inner one does not keep.</summary>
    public static IEnumerable<(SchemaDifferenceKind Kind, string Message)> Gaps(
        JsonObject inner, JsonObject outer, IReadOnlyList<string> types, string innerName, string outerName)
    {
        foreach (var (_, keyword) in Least.Where(bound => types.Contains(bound.Type)))
        {
            if (Number(outer, keyword) is { } least && (Number(inner, keyword) ?? 0) < least)
            {
                yield return (SchemaDifferenceKind.Bound, $"{outerName} demands {keyword} {least}, and {innerName} {Number(inner, keyword)?.ToString() ?? "none"}");
            }
        }

        foreach (var (_, keyword) in Most.Where(bound => types.Contains(bound.Type)))
        {
            if (Number(outer, keyword) is { } most && (Number(inner, keyword) ?? double.PositiveInfinity) > most)
            {
                yield return (SchemaDifferenceKind.Bound, $"{outerName} demands {keyword} {most}, and {innerName} {Number(inner, keyword)?.ToString() ?? "none"}");
            }
        }

        if (types.Contains("number") || types.Contains("integer"))
        {
            foreach (var gap in NumberGaps(inner, outer, innerName, outerName))
            {
                yield return gap;
            }
        }

        if (types.Contains("string") && outer["pattern"] is { } pattern && !JsonNode.DeepEquals(inner["pattern"], pattern))
        {
            yield return (SchemaDifferenceKind.Pattern, $"{outerName} demands the pattern {pattern.GetValue<string>()}, and {innerName} does not");
        }

        if (types.Contains("array") && IsTrue(outer, "uniqueItems") && !IsTrue(inner, "uniqueItems"))
        {
            yield return (SchemaDifferenceKind.Bound, $"{outerName} demands that no item is there twice, and {innerName} does not");
        }
    }

    /// <summary>A keyword's number; null where it has none.</summary>
    public static double? Number(JsonObject schema, string keyword) => Number(schema[keyword]);

    /// <summary>A value's number; null where it is none.</summary>
    public static double? Number(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null;

    private static IEnumerable<(SchemaDifferenceKind Kind, string Message)> NumberGaps(JsonObject inner, JsonObject outer, string innerName, string outerName)
    {
        var (floor, ceiling) = (Floor(outer), Ceiling(outer));
        if (Floor(inner).CompareTo(floor) < 0)
        {
            yield return (SchemaDifferenceKind.Bound, $"{outerName} demands more than {innerName} of the smallest number: {floor.Bound}");
        }

        if (Ceiling(inner).CompareTo(ceiling) > 0)
        {
            yield return (SchemaDifferenceKind.Bound, $"{outerName} demands less than {innerName} of the largest number: {ceiling.Bound}");
        }

        if (Number(outer, "multipleOf") is { } step && !(Number(inner, "multipleOf") is { } own && double.IsInteger(own / step)))
        {
            yield return (SchemaDifferenceKind.Bound, $"{outerName} demands a multiple of {step}, and {innerName} does not");
        }
    }

    // Bounds order first by number; one that leaves its number out is above it as a floor and below it as a ceiling.
    private static (double Bound, int Side) Floor(JsonObject schema)
    {
        var (included, excluded) = ((Number(schema, "minimum") ?? double.NegativeInfinity, 0), (Number(schema, "exclusiveMinimum") ?? double.NegativeInfinity, 1));
        return schema.ContainsKey("exclusiveMinimum") && excluded.CompareTo(included) > 0 ? excluded : included;
    }

    private static (double Bound, int Side) Ceiling(JsonObject schema)
    {
        var (included, excluded) = ((Number(schema, "maximum") ?? double.PositiveInfinity, 0), (Number(schema, "exclusiveMaximum") ?? double.PositiveInfinity, -1));
        return schema.ContainsKey("exclusiveMaximum") && excluded.CompareTo(included) < 0 ? excluded : included;
    }

    private static bool IsTrue(JsonObject schema, string keyword) => schema[keyword]?.GetValueKind() == JsonValueKind.True;
}
