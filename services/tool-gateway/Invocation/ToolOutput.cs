using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.Tools.V1;
using ModelContextProtocol.Protocol;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>Turns what an MCP server answers into what a model reads.</summary>
internal static class ToolOutput
{
    /// <summary>The most that a model is given of a result, as UTF-8.</summary>
    public const int MostBytes = 1024 * 1024;

    private const string Marker = "\n[cut: the result is longer than 1 MiB]";

    public static CallToolResponse From(CallToolResult result)
    {
        var response = new CallToolResponse
        {
            Outcome = result.IsError == true ? CallOutcome.Failed : CallOutcome.Succeeded,
            Output = Cut(Clean(string.Join('\n', result.Content.Select(Text)))),
        };
        if (result.StructuredContent is { ValueKind: JsonValueKind.Object } structured && structured.GetRawText().Length <= MostBytes)
        {
            response.StructuredOutput = ((JsonObject)JsonNode.Parse(structured.GetRawText())!).ToStruct();
        }

        return response;
    }

    private static string Text(ContentBlock block) => block is TextContentBlock text ? text.Text : $"[{block.Type} content, which is not text]";

    // PostgreSQL keeps no NUL in JSON, and a model has no use for one.
    private static string Clean(string text) => text.Replace("\0", "\uFFFD", StringComparison.Ordinal);

    private static string Cut(string text)
    {
        if (text.Length <= MostBytes / 3 || Encoding.UTF8.GetByteCount(text) <= MostBytes)
        {
            return text;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        var end = MostBytes - Marker.Length;

        // Not within a character: its further bytes begin with the bits 10.
        while ((bytes[end] & 0b1100_0000) == 0b1000_0000)
        {
            end--;
        }

        return Encoding.UTF8.GetString(bytes, 0, end) + Marker;
    }
}
