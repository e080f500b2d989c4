using System.Text.Json;

namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>The keywords that combine schemas for the same place.</summary>
internal static class Combinators
{
    public static void Check(SchemaEvaluator evaluator, JsonElement schema, JsonElement instance, string path, SchemaOutcome outcome)
    {
        foreach (var part in Parts(schema, "allOf"))
        {
            Require(evaluator.Evaluate(part, instance, path), outcome);
        }

        CheckAlternatives(evaluator, schema, instance, path, outcome);
        if (schema.TryGetProperty("not", out var refused) && evaluator.Evaluate(refused, instance, path).IsValid)
        {
            outcome.Refuse(path, $"must not fit {ValueKeywords.Quote(refused)}");
        }

        CheckCondition(evaluator, schema, instance, path, outcome);
    }

    private static void CheckAlternatives(SchemaEvaluator evaluator, JsonElement schema, JsonElement instance, string path, SchemaOutcome outcome)
    {
        foreach (var keyword in (string[])["anyOf", "oneOf"])
        {
            var alternatives = Parts(schema, keyword).Select(part => evaluator.Evaluate(part, instance, path)).ToList();
            var fitting = alternatives.Count(alternative => alternative.IsValid);
            if (alternatives.Count > 0 && fitting == 0)
            {
                outcome.Refuse(path, $"must fit one of {alternatives.Count} alternatives. {string.Join(" ", alternatives.Select(Describe))}");
            }
            else if (keyword == "oneOf" && fitting > 1)
            {
                outcome.Refuse(path, $"must fit exactly one of {alternatives.Count} alternatives, but fits {fitting}");
            }

            alternatives.ForEach(outcome.TakeAnnotations);
        }
    }

    private static string Describe(SchemaOutcome alternative, int index)
    {
        var violation = alternative.Violations[0];
        return $"({index + 1}) {(violation.InstancePath.Length == 0 ? "it" : violation.InstancePath)} {violation.Message}.";
    }

    private static void CheckCondition(SchemaEvaluator evaluator, JsonElement schema, JsonElement instance, string path, SchemaOutcome outcome)
    {
        if (!schema.TryGetProperty("if", out var condition))
        {
            return;
        }

        var met = evaluator.Evaluate(condition, instance, path);
        outcome.TakeAnnotations(met);
        if (schema.TryGetProperty(met.IsValid ? "then" : "else", out var consequence))
        {
            Require(evaluator.Evaluate(consequence, instance, path), outcome);
        }
    }

    private static void Require(SchemaOutcome part, SchemaOutcome outcome)
    {
        outcome.TakeViolations(part);
        outcome.TakeAnnotations(part);
    }

    private static IEnumerable<JsonElement> Parts(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var parts) && parts.ValueKind == JsonValueKind.Array ? parts.EnumerateArray() : [];
}
