using System.Text.Json;

namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>The keywords for arrays.</summary>
internal static class ArrayKeywords
{
    public static void Check(SchemaEvaluator evaluator, JsonElement schema, JsonElement instance, string path, SchemaOutcome outcome)
    {
        var count = instance.GetArrayLength();
        if (NumberKeywords.TryGetNumber(schema, "minItems", out var minimum) && count < minimum.GetDouble())
        {
            outcome.Refuse(path, $"must have at least {minimum.GetRawText()} items, but has {count}");
        }

        if (NumberKeywords.TryGetNumber(schema, "maxItems", out var maximum) && count > maximum.GetDouble())
        {
            outcome.Refuse(path, $"must have at most {maximum.GetRawText()} items, but has {count}");
        }

        CheckUnique(schema, instance, path, outcome);
        CheckItems(evaluator, schema, instance, path, outcome);
        CheckContains(evaluator, schema, instance, path, outcome);
    }

    private static void CheckItems(SchemaEvaluator evaluator, JsonElement schema, JsonElement instance, string path, SchemaOutcome outcome)
    {
        var prefix = schema.TryGetProperty("prefixItems", out var items) && items.ValueKind == JsonValueKind.Array ? items.GetArrayLength() : 0;
        var hasRest = schema.TryGetProperty("items", out var rest);
        for (var i = 0; i < instance.GetArrayLength(); i++)
        {
            if (i < prefix || hasRest)
            {
                outcome.TakeViolations(evaluator.Evaluate(i < prefix ? items[i] : rest, instance[i], JsonPointer.Append(path, i)));
                outcome.EvaluatedItems.Add(i);
            }
        }
    }

    private static void CheckUnique(JsonElement schema, JsonElement instance, string path, SchemaOutcome outcome)
    {
        if (!schema.TryGetProperty("uniqueItems", out var unique) || unique.ValueKind != JsonValueKind.True)
        {
            return;
        }

        for (var i = 1; i < instance.GetArrayLength(); i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (JsonElement.DeepEquals(instance[i], instance[j]))
                {
                    outcome.Refuse(JsonPointer.Append(path, i), $"must differ from item {j}: no item may be there twice");
                    return;
                }
            }
        }
    }

    private static void CheckContains(SchemaEvaluator evaluator, JsonElement schema, JsonElement instance, string path, SchemaOutcome outcome)
    {
        if (!schema.TryGetProperty("contains", out var contained))
        {
            return;
        }

        var found = 0;
        for (var i = 0; i < instance.GetArrayLength(); i++)
        {
            if (evaluator.Evaluate(contained, instance[i], JsonPointer.Append(path, i)).IsValid)
            {
                outcome.EvaluatedItems.Add(i);
                found++;
            }
        }

        var least = NumberKeywords.TryGetNumber(schema, "minContains", out var minimum) ? minimum.GetDouble() : 1;
        if (found < least)
        {
            outcome.Refuse(path, $"must hold at least {least} items that fit {ValueKeywords.Quote(contained)}, but holds {found}");
        }

        if (NumberKeywords.TryGetNumber(schema, "maxContains", out var maximum) && found > maximum.GetDouble())
        {
            outcome.Refuse(path, $"must hold at most {maximum.GetRawText()} items that fit {ValueKeywords.Quote(contained)}, but holds {found}");
        }
    }
}
