using Grpc.Core;
using Mainstay.Llm.V1;

namespace Mainstay.LlmGateway.Providers.Rehearsal;

/// <summary>The values of the names that a script may use.</summary>
internal sealed class ScriptVariables(RehearsalScript script, ScriptTurn turn, ConversationView conversation)
{
    private const string LastToolResult = "last_tool_result";
    private const string LastUserMessage = "last_user_message";

    /// <summary>The names that every script has.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } = [LastToolResult, LastUserMessage];

    /// <summary>The value of a name; refuses when the conversation does not have it.</summary>
    public string ValueOf(string name) => name switch
    {
        LastToolResult => conversation.LastTextOf(Role.Tool) ?? throw Missing(name, "no tool has answered yet"),
        LastUserMessage => conversation.LastTextOf(Role.User) ?? throw Missing(name, "no user has spoken yet"),
        _ => Capture(script.Captures.First(capture => capture.Name == name)),
    };

    private string Capture(ScriptCapture capture)
    {
        var messages = conversation.Messages.Where(message => capture.Role is null || message.Role == capture.Role);
        var match = (capture.FromNewest ? messages.Reverse() : messages)
            .Select(message => capture.Pattern.Match(message.Content))
            .FirstOrDefault(match => match.Success)
            ?? throw Missing(capture.Name, $"no message matches {capture.Pattern}");
        return match.Groups.Count > 1 ? match.Groups[1].Value : match.Value;
    }

    private RpcException Missing(string name, string why) =>
        LlmErrors.RehearsalScriptExhausted(script.File, turn.Index, $"it uses ${{{name}}}, and {why}");
}
