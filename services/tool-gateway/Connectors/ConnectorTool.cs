using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Mainstay.ToolGateway.Connectors;

/// <summary>A tool as its MCP server describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, in the server's words.</param>
/// <param name="InputSchema">JSON Schema of its arguments.</param>
/// <param name="IsRepeatable">Whether calling it twice does no more than once: it only reads, or says that it is idempotent.</param>
internal sealed record ConnectorTool(string Name, string Description, JsonObject InputSchema, bool IsRepeatable)
{
    public static ConnectorTool From(Tool tool) => new(
        tool.Name,
        tool.Description ?? "",
        JsonNode.Parse(tool.InputSchema.GetRawText()) as JsonObject ?? [],
        tool.Annotations is { ReadOnlyHint: true } or { IdempotentHint: true });
}
