using System.Text.RegularExpressions;
using Mainstay.Llm.V1;

namespace Mainstay.LlmGateway.Completions;

/// <summary>Checks a question before anybody is asked.</summary>
internal static partial class CompletionChecks
{
    private const int MostMessages = 2000;
    private const int MostTools = 256;
    private const int LongestKey = 256;

    public static void Check(CompletionInput? input)
    {
        if (input is null)
        {
            throw LlmErrors.FieldInvalid(("input", "is missing"));
        }

        var violations = Violations(input).Take(20).ToArray();
        if (violations.Length > 0)
        {
            throw LlmErrors.FieldInvalid(violations);
        }
    }

    private static IEnumerable<(string Field, string Description)> Violations(CompletionInput input)
    {
        if (input.Messages.Count is 0 or > MostMessages)
        {
            yield return ("input.messages", $"must be 1 to {MostMessages} messages");
        }

        for (var i = 0; i < Math.Min(input.Messages.Count, MostMessages); i++)
        {
            var message = input.Messages[i];
            if (message.Role is not (Role.System or Role.User or Role.Assistant or Role.Tool))
            {
                yield return ($"input.messages[{i}].role", "must be ROLE_SYSTEM, ROLE_USER, ROLE_ASSISTANT or ROLE_TOOL");
            }

            if (message.Role == Role.Tool && message.ToolCallId.Length == 0)
            {
                yield return ($"input.messages[{i}].tool_call_id", "must name the tool call that this answers");
            }

            if (message.Role != Role.Assistant && message.ToolCalls.Count > 0)
            {
                yield return ($"input.messages[{i}].tool_calls", "are for ROLE_ASSISTANT alone");
            }
        }

        if (input.Tools.Count > MostTools)
        {
            yield return ("input.tools", $"must be at most {MostTools} tools");
        }

        for (var i = 0; i < Math.Min(input.Tools.Count, MostTools); i++)
        {
            if (!ToolName().IsMatch(input.Tools[i].ToolName))
            {
                yield return ($"input.tools[{i}].tool_name", "must be 1 to 64 characters of [a-zA-Z0-9_-]");
            }
        }

        if (input is { HasTemperature: true, Temperature: not (>= 0 and <= 2) })
        {
            yield return ("input.temperature", "must be 0 to 2");
        }

        if (input.MaxOutputTokens < 0)
        {
            yield return ("input.max_output_tokens", "must be more than 0, or 0 for the route's default");
        }

        if (input.IdempotencyKey.Length > LongestKey)
        {
            yield return ("input.idempotency_key", $"must be at most {LongestKey} characters");
        }
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$")]
    private static partial Regex ToolName();
}
