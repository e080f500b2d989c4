using System.Text.Json;

namespace Mainstay.ServiceDefaults.Schemas;

/// <summary><c>unevaluatedProperties</c> and <c>unevaluatedItems</c>, which look at what all other keywords left alone.</summary>
internal static class Unevaluated
{
    public static void Check(SchemaEvaluator evaluator, JsonElement schema, JsonElement instance, string path, SchemaOutcome outcome)
    {
        if (instance.ValueKind == JsonValueKind.Object && schema.TryGetProperty("unevaluatedProperties", out var properties))
        {
            foreach (var property in instance.EnumerateObject().Where(property => outcome.EvaluatedProperties.Add(property.Name)))
            {
                outcome.TakeViolations(evaluator.Evaluate(properties, property.Value, JsonPointer.Append(path, property.Name)));
            }
        }

        if (instance.ValueKind == JsonValueKind.Array && schema.TryGetProperty("unevaluatedItems", out var items))
        {
            for (var i = 0; i < instance.GetArrayLength(); i++)
            {
                if (outcome.EvaluatedItems.Add(i))
                {
                    outcome.TakeViolations(evaluator.Evaluate(items, instance[i], JsonPointer.Append(path, i)));
                }
            }
        }
    }
}
