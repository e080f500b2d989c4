using Mainstay.Llm.V1;

namespace Mainstay.Orchestrator.Execution;

/// <summary>Makes messages of a transcript.</summary>
internal static class TranscriptMessages
{
    /// <summary>Models may repeat the ids of their tool calls; within a task each is unique.</summary>
    public static Message WithUniqueCallIds(Message message, int position)
    {
        var own = message.Clone();
        for (var index = 0; index < own.ToolCalls.Count; index++)
        {
            own.ToolCalls[index].ToolCallId = $"call_{position}_{index}";
        }

        return own;
    }

    /// <summary>What a tool call came to.</summary>
    public static Message ToolResult(ToolCallReference call, string content) => new() { Role = Role.Tool, ToolCallId = call.ToolCallId, Content = content };
}
