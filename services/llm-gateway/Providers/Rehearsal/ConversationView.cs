using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.Collections;
using Mainstay.Llm.V1;

namespace Mainstay.LlmGateway.Providers.Rehearsal;

/// <summary>What a script can see of a conversation.</summary>
internal sealed class ConversationView(RepeatedField<Message> messages)
{
    public IReadOnlyList<Message> Messages => messages;

    public int AssistantMessages => messages.Count(message => message.Role == Role.Assistant);

    public Message Last => messages[^1];

    /// <summary>The tool whose result the last message is; null when it is none.</summary>
    public string? LastTool => Last.Role != Role.Tool ? null : messages
        .SelectMany(message => message.ToolCalls)
        .LastOrDefault(call => call.ToolCallId == Last.ToolCallId)?.ToolName;

    /// <summary>Whether the last message says that a tool call failed: "error…", or a JSON object with an "error" or a true "isError".</summary>
    public bool? LastToolFailed => Last.Role != Role.Tool ? null
        : Last.Content.StartsWith("error", StringComparison.OrdinalIgnoreCase) || SaysError(Last.Content);

    /// <summary>The newest text that somebody said; null when nobody of that role has spoken.</summary>
    public string? LastTextOf(Role role) => messages.LastOrDefault(message => message.Role == role)?.Content;

    private static bool SaysError(string content)
    {
        try
        {
            return content.StartsWith('{') && JsonNode.Parse(content) is JsonObject result
                && (result["error"] is not null || result["isError"]?.GetValueKind() == JsonValueKind.True);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return false;
        }
    }
}
