using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.Tools.V1;
using ModelContextProtocol.Protocol;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>Turns what an MCP server answers into what a model reads.</summary>
internal static class ToolOutput
{
    private const int MostBytes = 1024 * 1024;
    private const string Marker = "\n[cut: the result is longer than 1 MiB]";

    public static CallToolResponse From(CallToolResult result)
    {
        var structured = result.StructuredContent is { ValueKind: JsonValueKind.Object } content ? content.GetRawText() : "";
        var text = string.Join('\n', result.Content.Select(Text));
        return new CallToolResponse
        {
            Outcome = result.IsError == true ? CallOutcome.Failed : CallOutcome.Succeeded,
            Output = Cut(text.Length > 0 ? text : structured),
            StructuredOutput = Structured(structured),
        };
    }

    /// <summary>A call that came to nothing.</summary>
    public static CallToolResponse Failed(string why) => new() { Outcome = CallOutcome.Failed, Output = Cut(why) };

    private static Struct? Structured(string json) =>
        json.Length is > 0 and <= MostBytes && JsonNode.Parse(json) is JsonObject content && StructLimits.Allow(content) ? content.ToStruct() : null;

    private static string Text(ContentBlock block) => block switch
    {
        TextContentBlock text => text.Text,
        EmbeddedResourceBlock { Resource: TextResourceContents text } => text.Text,
        EmbeddedResourceBlock { Resource: var resource } => $"[resource {resource.Uri}, {resource.MimeType ?? "of no stated type"}, which is not text]",
        ResourceLinkBlock link => $"[link to {link.Uri}]",
        ImageContentBlock image => $"[{image.MimeType}, which is not text]",
        AudioContentBlock audio => $"[{audio.MimeType}, which is not text]",
        _ => $"[{block.Type} content, which is not text]",
    };

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
