using System.Text;
using Mainstay.Llm.V1;

namespace Mainstay.LlmGateway.Completions;

/// <summary>Checks a question before anybody is asked.</summary>
internal static class CompletionChecks
{
    private const int MostMessages = 2000;
    private const int MostTools = 128;
    private const int LongestKey = 256;
    private const int LongestId = 1000;
    private const double HighestTemperature = 2;

    // A refusal with more is no help to anybody.
    private const int MostViolations = 20;

    /// <summary>Refuses with the fields that are not valid.</summary>
    public static void Check(CompletionInput? input)
    {
        if (input is null)
        {
            throw LlmErrors.FieldInvalid(("input", "is missing"));
        }

        var violations = Violations(input).Take(MostViolations).ToArray();
        if (violations.Length > 0)
        {
            throw LlmErrors.FieldInvalid(violations);
        }
    }

    private static IEnumerable<(string Field, string Description)> Violations(CompletionInput input) =>
    [
        .. SettingViolations(input),
        .. input.Messages.Count is 0 or > MostMessages
            ? [("input.messages", $"must be 1 to {MostMessages} messages, not {input.Messages.Count}")]
            : MessageChecks.Violations(input.Messages),
        .. input.Tools.Count > MostTools
            ? [("input.tools", $"must be at most {MostTools} tools, not {input.Tools.Count}")]
            : ToolChecks.Violations(input.Tools),
    ];

    private static IEnumerable<(string Field, string Description)> SettingViolations(CompletionInput input)
    {
        if (!IsText(input.Model, LongestId))
        {
            yield return ("input.model", $"must be at most {LongestId} characters, without control characters");
        }

        if (input is { HasTemperature: true, Temperature: not (>= 0 and <= HighestTemperature) })
        {
            yield return ("input.temperature", $"must be 0 to {HighestTemperature}");
        }

        if (input.MaxOutputTokens < 0)
        {
            yield return ("input.max_output_tokens", "must be more than 0, or 0 for the route's default");
        }

        if (!IsText(input.IdempotencyKey, LongestKey))
        {
            yield return ("input.idempotency_key", $"must be at most {LongestKey} characters, without control characters");
        }

        if (!IsText(input.WorkflowId, LongestId))
        {
            yield return ("input.workflow_id", $"must be at most {LongestId} characters, without control characters");
        }

        if (!IsText(input.AgentId, LongestId))
        {
            yield return ("input.agent_id", $"must be at most {LongestId} characters, without control characters");
        }
    }

    private static bool IsText(string text, int longest) => text.Length <= longest && !text.EnumerateRunes().Any(Rune.IsControl);
}
