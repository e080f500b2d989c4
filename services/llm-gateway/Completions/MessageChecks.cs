using Google.Protobuf.Collections;
using Mainstay.Llm.V1;

namespace Mainstay.LlmGateway.Completions;

/// <summary>Checks a conversation: who speaks, and that each tool's result answers a call.</summary>
internal static class MessageChecks
{
    private const int LongestContent = 1024 * 1024;
    private const int MostCalls = 128;
    private const int LongestName = 256;

    public static IEnumerable<(string Field, string Description)> Violations(RepeatedField<Message> messages)
    {
        var calls = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, message) in messages.Index())
        {
            var path = $"input.messages[{index}]";
            foreach (var violation in ContentViolations(message, path).Concat(CallViolations(message, path, calls)))
            {
                yield return violation;
            }

            if (message.Role == Role.Tool && !calls.Contains(message.ToolCallId))
            {
                yield return ($"{path}.tool_call_id", "must be the id of a tool call that an earlier message asks for");
            }
            else if (message.Role != Role.Tool && message.ToolCallId.Length > 0)
            {
                yield return ($"{path}.tool_call_id", "is for ROLE_TOOL alone");
            }
        }
    }

    private static IEnumerable<(string Field, string Description)> ContentViolations(Message message, string path)
    {
        if (message.Role is not (Role.System or Role.User or Role.Assistant or Role.Tool))
        {
            yield return ($"{path}.role", "must be ROLE_SYSTEM, ROLE_USER, ROLE_ASSISTANT or ROLE_TOOL");
        }

        if (message.Content.Length > LongestContent)
        {
            yield return ($"{path}.content", $"must be at most {LongestContent} characters, not {message.Content.Length}");
        }

        if (message.Content.Length == 0 && message.Role is Role.System or Role.User)
        {
            yield return ($"{path}.content", "must not be empty");
        }
    }

    private static IEnumerable<(string Field, string Description)> CallViolations(Message message, string path, HashSet<string> calls)
    {
        if (message.ToolCalls.Count > 0 && message.Role != Role.Assistant)
        {
            yield return ($"{path}.tool_calls", "are for ROLE_ASSISTANT alone");
        }
        else if (message.ToolCalls.Count > MostCalls)
        {
            yield return ($"{path}.tool_calls", $"must be at most {MostCalls} calls, not {message.ToolCalls.Count}");
        }

        foreach (var (index, call) in message.ToolCalls.Index())
        {
            var place = $"{path}.tool_calls[{index}]";
            if (call.ToolCallId.Length is 0 or > LongestName || !calls.Add(call.ToolCallId))
            {
                yield return ($"{place}.tool_call_id", $"must be 1 to {LongestName} characters that no other call of the conversation has");
            }

            // Any name: a model may have asked for a tool that was never offered, and shall hear of it.
            if (call.ToolName.Length is 0 or > LongestName)
            {
                yield return ($"{place}.tool_name", $"must be 1 to {LongestName} characters");
            }

            if (!ToolChecks.IsJson(call.Arguments))
            {
                yield return ($"{place}.arguments", "must hold finite numbers only");
            }
        }
    }
}
