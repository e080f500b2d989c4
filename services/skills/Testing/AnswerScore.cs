using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.ServiceDefaults.Schemas;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Testing;

/// <summary>Holds an answer against an example, where no model is needed to judge.</summary>
internal static class AnswerScore
{
    private const string Fence = "```";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>What is wrong with an answer; empty when nothing.</summary>
    public static string Problem(Skill skill, SkillExample example, ExampleScoring scoring, string answer)
    {
        var expected = example.ExpectedOutput?.ToJsonNode();

        // Where no schema asks for JSON, a text is expected as it stands, even one that looks like JSON.
        var value = skill.OutputSchema is null && IsText(expected) ? JsonValue.Create(answer.Trim()) : Value(answer);
        var violations = skill.OutputSchema is { } schema ? JsonSchemaValidator.Validate(schema.ToJsonObject(), value) : [];
        if (violations.Count > 0)
        {
            return $"The answer does not fit the output schema. {string.Join(' ', violations.Select(violation => $"answer{violation.InstancePath}: {violation.Message}."))}";
        }

        return scoring switch
        {
            ExampleScoring.Exact when !AreEqual(expected, value) => $"The answer is not {expected?.ToJsonString() ?? "null"}.",
            ExampleScoring.Contains when !(IsText(expected) ? HasText(answer, expected!) : Contains(value, expected)) => $"The answer does not contain {expected?.ToJsonString() ?? "null"}.",
            _ => "",
        };
    }

    /// <summary>How an example is scored when it does not say.</summary>
    public static ExampleScoring Scoring(SkillExample example) => example switch
    {
        { Scoring: not ExampleScoring.Unspecified } => example.Scoring,
        { ExpectedOutput: null } => ExampleScoring.Schema,
        _ => ExampleScoring.Exact,
    };

    // Models like to fence their JSON; what is no JSON is a text.
    private static JsonNode? Value(string answer)
    {
        var text = answer.Trim();
        if (text.StartsWith(Fence, StringComparison.Ordinal) && text.EndsWith(Fence, StringComparison.Ordinal) && text.IndexOf('\n', StringComparison.Ordinal) is > 0 and var line)
        {
            text = text[(line + 1)..^Fence.Length].Trim();
        }

        try
        {
            return JsonNode.Parse(text, documentOptions: Strict);
        }
        catch (JsonException)
        {
            return JsonValue.Create(answer.Trim());
        }
    }

    private static bool Contains(JsonNode? whole, JsonNode? part) => (whole, part) switch
    {
        (JsonObject members, JsonObject wanted) => wanted.All(member => members.ContainsKey(member.Key) && Contains(members[member.Key], member.Value)),
        (JsonArray items, JsonArray wanted) => wanted.All(item => items.Any(one => Contains(one, item))),
        (JsonValue text, JsonValue piece) when IsText(text) && IsText(piece) => HasText(text.GetValue<string>(), piece),
        _ => AreEqual(whole, part),
    };

    // By their canonical forms, in which 1 and 1.0 are the same number.
    private static bool AreEqual(JsonNode? one, JsonNode? other) => CanonicalJson.Serialize(one).AsSpan().SequenceEqual(CanonicalJson.Serialize(other));

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    private static bool HasText(string whole, JsonNode piece) => whole.Contains(piece.GetValue<string>(), StringComparison.OrdinalIgnoreCase);
}
