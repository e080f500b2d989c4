using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Schemas;
using ModelContextProtocol.Protocol;

namespace Mainstay.ToolGateway.Connectors;

/// <summary>A tool as its MCP server describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, in the server's words.</param>
/// <param name="InputSchema">JSON Schema of its arguments.</param>
/// <param name="IsRepeatable">Whether calling it twice does no more than once: it only reads, or says that it is idempotent.</param>
internal sealed record ConnectorTool(string Name, string Description, JsonObject InputSchema, bool IsRepeatable)
{
    // A schema that cannot be used here is the server's own to enforce.
    private readonly bool isChecked = JsonSchemaValidator.CheckSchema(InputSchema).Count == 0;

    public static ConnectorTool From(Tool tool) => new(
        tool.Name,
        tool.Description ?? "",
        JsonNode.Parse(tool.InputSchema.GetRawText()) as JsonObject ?? [],
        tool.Annotations is { ReadOnlyHint: true } or { IdempotentHint: true });

    /// <summary>Where arguments do not fit the tool's schema; empty when they do.</summary>
    public IReadOnlyList<SchemaViolation> Check(JsonObject arguments) => isChecked ? JsonSchemaValidator.Validate(InputSchema, arguments) : [];
}
