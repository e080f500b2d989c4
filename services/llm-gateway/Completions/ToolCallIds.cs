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
            var id = call.ToolCallId.Length == 0 ? $"call_{conversation.Count}_{index}" : call.ToolCallId;
            for (var attempt = 2; !taken.Add(id); attempt++)
            {
                id = $"call_{conversation.Count}_{index}_{attempt}";
            }

            call.ToolCallId = id;
        }
    }
}
