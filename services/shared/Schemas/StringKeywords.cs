using System.Text.Json;

namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>The keywords for strings; lengths count Unicode characters.</summary>
internal static class StringKeywords
{
    public static void Check(JsonElement schema, string text, string path, SchemaOutcome outcome)
    {
        var length = text.EnumerateRunes().Count();
        if (NumberKeywords.TryGetNumber(schema, "minLength", out var minimum) && length < minimum.GetDouble())
        {
            outcome.Refuse(path, $"must have at least {minimum.GetRawText()} characters, but has {length}");
        }

        if (NumberKeywords.TryGetNumber(schema, "maxLength", out var maximum) && length > maximum.GetDouble())
        {
            outcome.Refuse(path, $"must have at most {maximum.GetRawText()} characters, but has {length}");
        }

        if (schema.TryGetProperty("pattern", out var pattern) && pattern.ValueKind == JsonValueKind.String
            && !SchemaPattern.IsMatch(pattern.GetString()!, text))
        {
            outcome.Refuse(path, $"must match the pattern {pattern.GetString()}");
        }
    }
}
