using System.Text.Json;

namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>The keywords for objects.</summary>
internal static class ObjectKeywords
{
    public static void Check(SchemaEvaluator evaluator, JsonElement schema, JsonElement instance, string path, SchemaOutcome outcome)
    {
        var count = instance.EnumerateObject().Count();
        if (NumberKeywords.TryGetNumber(schema, "minProperties", out var minimum) && count < minimum.GetDouble())
        {
            outcome.Refuse(path, $"must have at least {minimum.GetRawText()} properties, but has {count}");
        }

        if (NumberKeywords.TryGetNumber(schema, "maxProperties", out var maximum) && count > maximum.GetDouble())
        {
            outcome.Refuse(path, $"must have at most {maximum.GetRawText()} properties, but has {count}");
        }

        CheckRequired(schema, instance, path, outcome);
        CheckDependents(evaluator, schema, instance, path, outcome);
        CheckProperties(evaluator, schema, instance, path, outcome);
    }

    private static void CheckRequired(JsonElement schema, JsonElement instance, string path, SchemaOutcome outcome)
    {
        foreach (var name in Strings(schema, "required").Where(name => !instance.TryGetProperty(name, out _)))
        {
            outcome.Refuse(path, $"must have the property '{name}'");
        }
    }

    private static void CheckDependents(SchemaEvaluator evaluator, JsonElement schema, JsonElement instance, string path, SchemaOutcome outcome)
    {
        foreach (var dependency in Members(schema, "dependentRequired").Where(member => instance.TryGetProperty(member.Name, out _)))
        {
            foreach (var name in Strings(dependency.Value).Where(name => !instance.TryGetProperty(name, out _)))
            {
                outcome.Refuse(path, $"must have the property '{name}' because it has '{dependency.Name}'");
            }
        }

        foreach (var dependency in Members(schema, "dependentSchemas").Where(member => instance.TryGetProperty(member.Name, out _)))
        {
            var dependent = evaluator.Evaluate(dependency.Value, instance, path);
            outcome.TakeViolations(dependent);
            outcome.TakeAnnotations(dependent);
        }
    }

    private static void CheckProperties(SchemaEvaluator evaluator, JsonElement schema, JsonElement instance, string path, SchemaOutcome outcome)
    {
        var hasNames = schema.TryGetProperty("propertyNames", out var names);
        var hasAdditional = schema.TryGetProperty("additionalProperties", out var additional);
        foreach (var property in instance.EnumerateObject())
        {
            var place = JsonPointer.Append(path, property.Name);
            if (hasNames && !evaluator.Evaluate(names, JsonSerializer.SerializeToElement(property.Name), place).IsValid)
            {
                outcome.Refuse(place, $"has a name that does not fit {ValueKeywords.Quote(names)}");
            }

            var applicable = Applicable(schema, property.Name).ToList();
            if (applicable.Count == 0 && hasAdditional)
            {
                applicable.Add(additional);
            }

            if (applicable is [{ ValueKind: JsonValueKind.False }] && hasAdditional)
            {
                outcome.Refuse(place, $"is not a known property{Known(schema)}");
                continue;
            }

            foreach (var one in applicable)
            {
                outcome.TakeViolations(evaluator.Evaluate(one, property.Value, place));
                outcome.EvaluatedProperties.Add(property.Name);
            }
        }
    }

    private static IEnumerable<JsonElement> Applicable(JsonElement schema, string name)
    {
        if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out var own))
        {
            yield return own;
        }

        foreach (var pattern in Members(schema, "patternProperties").Where(pattern => SchemaPattern.IsMatch(pattern.Name, name)))
        {
            yield return pattern.Value;
        }
    }

    private static string Known(JsonElement schema) =>
        Members(schema, "properties").Select(member => member.Name).ToList() is { Count: > 0 } names ? $"; known are {string.Join(", ", names)}" : "";

    private static IEnumerable<JsonProperty> Members(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var members) && members.ValueKind == JsonValueKind.Object ? members.EnumerateObject() : [];

    private static IEnumerable<string> Strings(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var strings) ? Strings(strings) : [];

    private static IEnumerable<string> Strings(JsonElement strings) => strings.ValueKind == JsonValueKind.Array
        ? strings.EnumerateArray().Where(text => text.ValueKind == JsonValueKind.String).Select(text => text.GetString()!)
        : [];
}
