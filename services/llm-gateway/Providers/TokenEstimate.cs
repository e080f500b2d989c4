using Mainstay.Llm.V1;
using Mainstay.ServiceDefaults.Canonical;

namespace Mainstay.LlmGateway.Providers;

/// <summary>Estimates tokens where nobody counts them: one for every four characters of text, tool calls and tools, rounded up.</summary>
internal static class TokenEstimate
{
    private const int CharactersPerToken = 4;

    public static TokenUsage Of(CompletionInput input, Message answer) => new(
        Tokens(input.Messages.Sum(Characters) + input.Tools.Sum(Characters)), Tokens(Characters(answer)), IsEstimate: true);

    private static long Tokens(long characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;

    private static long Characters(Message message) =>
        message.Content.Length + message.ToolCalls.Sum(call => call.ToolName.Length + Characters(call.Arguments));

    private static long Characters(ToolDefinition tool) => tool.ToolName.Length + tool.Description.Length + Characters(tool.InputSchema);

    private static long Characters(Google.Protobuf.WellKnownTypes.Struct? json) => json?.ToJsonObject().ToJsonString().Length ?? 0;
}
