using System.Text.Json.Nodes;

namespace Mainstay.Skills.Comparing;

/// <summary>The types that a schema allows; "integer" stands for the whole numbers alone.</summary>
internal static class SchemaTypes
{
    private static readonly string[] All = ["array", "boolean", "null", "number", "object", "string"];

    /// <summary>The types that a schema allows; all of them where it names none.</summary>
    public static IReadOnlyList<string> Of(JsonObject schema) => Names(schema["type"]) ?? All;

    /// <summary>The types that are not among others.</summary>
    public static IReadOnlyList<string> NotIn(IReadOnlyList<string> types, IReadOnlyList<string> others) =>
        [.. types.Where(type => !others.Contains(type) && !(type == "integer" && others.Contains("number")))];

    /// <summary>The types that two <c>type</c> keywords both allow, as such a keyword.</summary>
    public static JsonArray Common(JsonNode? left, JsonNode? right)
    {
        var (one, other) = (Names(left) ?? All, Names(right) ?? All);
        var common = one.Except(NotIn(one, other)).Union(other.Except(NotIn(other, one)));
        return [.. common.Select(type => JsonValue.Create(type))];
    }

    private static IReadOnlyList<string>? Names(JsonNode? type) => type switch
    {
        JsonArray names => [.. names.Select(name => name!.GetValue<string>())],
        JsonValue name => [name.GetValue<string>()],
        _ => null,
    };
}
