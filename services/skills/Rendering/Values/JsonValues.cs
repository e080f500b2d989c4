using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mainstay.Skills.Rendering.Values;

/// <summary>Turns JSON into values that templates work on.</summary>
internal static class JsonValues
{
    // Up to here doubles hold each whole number.
    private const double MostExact = 9_007_199_254_740_992;

    public static object From(JsonNode? node, IEqualityComparer<object> equality) => node switch
    {
        JsonObject members => FromObject(members, equality),
        JsonArray items => FromArray(items, equality),
        JsonValue value => FromScalar(value),
        _ => None.Value,
    };

    private static List<object> FromArray(JsonArray items, IEqualityComparer<object> equality)
    {
        var list = new List<object>(items.Count);
        foreach (var item in items)
        {
            list.Add(From(item, equality));
        }

        return list;
    }

    private static TemplateDict FromObject(JsonObject members, IEqualityComparer<object> equality)
    {
        var dict = new TemplateDict(equality, members.Count);
        foreach (var (name, value) in members)
        {
            dict.Entries[name] = From(value, equality);
        }

        return dict;
    }

    private static object FromScalar(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetValue<string>(),
        _ => Number(value),
    };

    private static object Number(JsonValue value)
    {
        if (value.TryGetValue(out JsonElement element))
        {
            return Number(element.GetRawText());
        }

        // What comes by gRPC is a double, or a long where it is whole; written as JSON a whole one has no point.
        return value.TryGetValue(out double number) ? double.IsInteger(number) && Math.Abs(number) <= MostExact ? (object)(long)number : number
            : value.TryGetValue(out long whole) ? whole
            : value.TryGetValue(out int small) ? (long)small
            : Number(value.ToJsonString());
    }

    // As Python reads JSON: with a point or an exponent it is a float, otherwise an integer.
    private static object Number(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
        ? (object)whole
        : double.Parse(text, CultureInfo.InvariantCulture);
}
