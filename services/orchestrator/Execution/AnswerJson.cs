using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;

namespace Mainstay.Orchestrator.Execution;

/// <summary>Reads the JSON of an answer; models often put it in a Markdown fence.</summary>
internal static class AnswerJson
{
    private const string Fence = "```";

    /// <summary>Reads an answer, or says why it is not JSON.</summary>
    public static bool TryRead(string text, out Value? answer, out string error)
    {
        try
        {
            answer = Value.Parser.ParseJson((JsonNode.Parse(WithoutFence(text.Trim())) ?? throw new JsonException("it is null")).ToJsonString());
            error = "";
            return true;
        }
        catch (Exception e) when (e is JsonException or Google.Protobuf.InvalidProtocolBufferException)
        {
            answer = null;
            error = e.Message;
            return false;
        }
    }

    private static string WithoutFence(string text)
    {
        if (!text.StartsWith(Fence, StringComparison.Ordinal) || !text.EndsWith(Fence, StringComparison.Ordinal) || text.IndexOf('\n', StringComparison.Ordinal) is not (> 0 and var firstLine))
        {
            return text;
        }

        return text[(firstLine + 1)..^Fence.Length].Trim();
    }
}
