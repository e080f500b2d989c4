using System.Text.Json.Nodes;
using Mainstay.Llm.V1;
using Mainstay.ServiceDefaults.Canonical;

namespace Mainstay.LlmGateway.Providers.OpenAi;

/// <summary>Writes a question as OpenAI's API wants it.</summary>
internal static class OpenAiRequest
{
    public static JsonObject Of(ModelQuestion question, string limitField)
    {
        var request = new JsonObject
        {
            ["model"] = question.UpstreamModel,
            ["messages"] = new JsonArray([.. question.Input.Messages.Select(Of)]),
        };
        if (question.Input.Tools.Count > 0)
        {
            request["tools"] = new JsonArray([.. question.Input.Tools.Select(Of)]);
        }

        if (question.Input.HasTemperature)
        {
            request["temperature"] = question.Input.Temperature;
        }

        if (question.MaxOutputTokens > 0)
        {
            request[limitField] = question.MaxOutputTokens;
        }

        if (question.IsStreamed)
        {
            request["stream"] = true;
            request["stream_options"] = new JsonObject { ["include_usage"] = true };
        }

        return request;
    }

    private static JsonObject Of(Message message)
    {
        var written = new JsonObject
        {
            ["role"] = message.Role switch
            {
                Role.System => "system",
                Role.User => "user",
                Role.Assistant => "assistant",
                _ => "tool",
            },
            ["content"] = message.Content.Length == 0 && message.ToolCalls.Count > 0 ? null : message.Content,
        };
        if (message.ToolCalls.Count > 0)
        {
            written["tool_calls"] = new JsonArray([.. message.ToolCalls.Select(Of)]);
        }

        if (message.Role == Role.Tool)
        {
            written["tool_call_id"] = message.ToolCallId;
        }

        return written;
    }

    // A model that wrote broken arguments sees them as it wrote them.
    private static JsonObject Of(ToolCall call) => new()
    {
        ["id"] = call.ToolCallId,
        ["type"] = "function",
        ["function"] = new JsonObject
        {
            ["name"] = call.ToolName,
            ["arguments"] = call.MalformedArguments.Length > 0 ? call.MalformedArguments : call.Arguments?.ToJsonObject().ToJsonString() ?? "{}",
        },
    };

    private static JsonObject Of(ToolDefinition tool) => new()
    {
        ["type"] = "function",
        ["function"] = new JsonObject
        {
            ["name"] = tool.ToolName,
            ["description"] = tool.Description,
            ["parameters"] = tool.InputSchema?.ToJsonObject() ?? new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() },
        },
    };
}
