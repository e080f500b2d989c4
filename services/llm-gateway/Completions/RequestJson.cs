using System.Text.Json.Nodes;
using Mainstay.Llm.V1;
using Mainstay.LlmGateway.Routing;
using Mainstay.ServiceDefaults.Canonical;

namespace Mainstay.LlmGateway.Completions;

/// <summary>A question as JSON, its idempotency key left out: equal questions have equal JSON.</summary>
internal static class RequestJson
{
    public static JsonObject Of(CompletionInput input) => new()
    {
        ["model"] = input.Model.Length == 0 ? ModelRouter.Default : input.Model,
        ["messages"] = new JsonArray([.. input.Messages.Select(Of)]),
        ["tools"] = new JsonArray([.. input.Tools.Select(Of)]),
        ["temperature"] = input.HasTemperature ? input.Temperature : null,
        ["max_output_tokens"] = input.MaxOutputTokens,
        ["workflow_id"] = input.WorkflowId,
        ["agent_id"] = input.AgentId,
    };

    private static JsonObject Of(Message message) => new()
    {
        ["role"] = (int)message.Role,
        ["content"] = message.Content,
        ["tool_calls"] = new JsonArray([.. message.ToolCalls.Select(Of)]),
        ["tool_call_id"] = message.ToolCallId,
    };

    private static JsonObject Of(ToolCall call) => new()
    {
        ["tool_call_id"] = call.ToolCallId,
        ["tool_name"] = call.ToolName,
        ["arguments"] = call.Arguments?.ToJsonObject(),
        ["malformed_arguments"] = call.MalformedArguments,
    };

    private static JsonObject Of(ToolDefinition tool) => new()
    {
        ["tool_name"] = tool.ToolName,
        ["description"] = tool.Description,
        ["input_schema"] = tool.InputSchema?.ToJsonObject(),
    };
}
