using System.Text.Json;

namespace Mainstay.ServiceDefaults.Schemas;

/// <summary><c>type</c>, <c>enum</c> and <c>const</c>.</summary>
internal static class ValueKeywords
{
    // A value is quoted up to this length, so that a message stays readable.
    private const int LongestQuote = 80;

    public static void Check(JsonElement schema, JsonElement instance, string path, SchemaOutcome outcome)
    {
        if (schema.TryGetProperty("type", out var type) && !HasType(instance, type))
        {
            outcome.Refuse(path, $"must be {Describe(type)}, but is {Article(TypeOf(instance))}");
        }

        if (schema.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array
            && !values.EnumerateArray().Any(value => JsonElement.DeepEquals(value, instance)))
        {
            outcome.Refuse(path, $"must be one of {string.Join(", ", values.EnumerateArray().Select(Quote))}, but is {Quote(instance)}");
        }

        if (schema.TryGetProperty("const", out var constant) && !JsonElement.DeepEquals(constant, instance))
        {
            outcome.Refuse(path, $"must be {Quote(constant)}, but is {Quote(instance)}");
        }
    }

    /// <summary>A value as JSON, cut when long.</summary>
    public static string Quote(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= LongestQuote ? text : $"{text[..LongestQuote]}…";
    }

    private static bool HasType(JsonElement instance, JsonElement type) => type.ValueKind switch
    {
        JsonValueKind.String => Is(instance, type.GetString()!),
        JsonValueKind.Array => type.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && Is(instance, one.GetString()!)),
        _ => true,
    };

    private static bool Is(JsonElement instance, string type) =>
        type == "integer" ? instance.ValueKind == JsonValueKind.Number && double.IsInteger(instance.GetDouble()) : TypeOf(instance) == type;

    private static string TypeOf(JsonElement instance) => instance.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "null",
    };

    private static string Describe(JsonElement type) => type.ValueKind == JsonValueKind.Array
        ? string.Join(" or ", type.EnumerateArray().Select(one => Article(one.GetString()!)))
        : Article(type.GetString()!);

    private static string Article(string type) => type switch
    {
        "null" => type,
        "object" or "array" or "integer" => $"an {type}",
        _ => $"a {type}",
    };
}
