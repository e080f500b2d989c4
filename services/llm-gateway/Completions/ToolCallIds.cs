using Google.Protobuf.Collections;
using Mainstay.Llm.V1;

namespace Mainstay.LlmGateway.Completions;

/// <summary>Sees to it that the ids of tool calls are unique in a conversation: some models count from zero in every answer, some give none.</summary>
internal static class ToolCallIds
{
    /// <summary>Gives new ids to those calls of an answer whose ids are missing or taken.</summary>
    public static void MakeUnique(Message answer, RepeatedField<Message> conversation)
    {
        var taken = conversation.SelectMany(message => message.ToolCalls).Select(call => call.ToolCallId).ToHashSet(StringComparer.Ordinal);
        foreach (var (index, call) in answer.ToolCalls.Index())
        {
            for (var attempt = 0; call.ToolCallId.Length == 0 || !taken.Add(call.ToolCallId); attempt++)
            {
                call.ToolCallId = $"call_{conversation.Count}_{index}{(attempt == 0 ? "" : $"_{attempt}")}";
            }
        }
    }
}
