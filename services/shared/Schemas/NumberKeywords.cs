using System.Text.Json;

namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>The keywords for numbers.</summary>
internal static class NumberKeywords
{
    public static void Check(JsonElement schema, JsonElement instance, string path, SchemaOutcome outcome)
    {
        void Limit(string keyword, string expectation, Func<int, bool> holds)
        {
            if (TryGetNumber(schema, keyword, out var limit) && !holds(Compare(instance, limit)))
            {
                outcome.Refuse(path, $"must be {expectation} {limit.GetRawText()}, but is {instance.GetRawText()}");
            }
        }

        Limit("minimum", "at least", comparison => comparison >= 0);
        Limit("maximum", "at most", comparison => comparison <= 0);
        Limit("exclusiveMinimum", "more than", comparison => comparison > 0);
        Limit("exclusiveMaximum", "less than", comparison => comparison < 0);
        if (TryGetNumber(schema, "multipleOf", out var divisor) && !IsMultiple(instance, divisor))
        {
            outcome.Refuse(path, $"must be a multiple of {divisor.GetRawText()}, but is {instance.GetRawText()}");
        }
    }

    /// <summary>A keyword's number.</summary>
    public static bool TryGetNumber(JsonElement schema, string keyword, out JsonElement number) =>
        schema.TryGetProperty(keyword, out number) && number.ValueKind == JsonValueKind.Number;

    private static int Compare(JsonElement left, JsonElement right) =>
        left.TryGetDecimal(out var exact) && right.TryGetDecimal(out var other) ? exact.CompareTo(other) : left.GetDouble().CompareTo(right.GetDouble());

    // Decimals first: 0.3 is a multiple of 0.1, which doubles deny.
    private static bool IsMultiple(JsonElement instance, JsonElement divisor)
    {
        if (instance.TryGetDecimal(out var exact) && divisor.TryGetDecimal(out var part) && part != 0)
        {
            return exact % part == 0;
        }

        var quotient = instance.GetDouble() / divisor.GetDouble();
        return double.IsInteger(quotient) || double.IsInteger(instance.GetDouble()) && double.IsInteger(1 / divisor.GetDouble());
    }
}
