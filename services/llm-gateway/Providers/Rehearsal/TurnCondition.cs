using System.Text.RegularExpressions;
using Mainstay.Llm.V1;

namespace Mainstay.LlmGateway.Providers.Rehearsal;

/// <summary>When a turn is played: every condition that is set must hold.</summary>
internal sealed record TurnCondition
{
    /// <summary>How many assistant messages the conversation holds.</summary>
    public int? AssistantMessages { get; init; }

    /// <summary>Who spoke last.</summary>
    public Role? LastRole { get; init; }

    /// <summary>What the last message's text contains.</summary>
    public string? LastContains { get; init; }

    /// <summary>What the last message's text matches.</summary>
    public Regex? LastMatches { get; init; }

    /// <summary>The tool whose result the last message is.</summary>
    public string? LastTool { get; init; }

    /// <summary>Whether the last message is the result of a tool call that failed.</summary>
    public bool? LastToolFailed { get; init; }

    public bool Holds(ConversationView conversation) =>
        (AssistantMessages is null || AssistantMessages == conversation.AssistantMessages)
        && (LastRole is null || LastRole == conversation.Last.Role)
        && (LastContains is null || conversation.Last.Content.Contains(LastContains, StringComparison.Ordinal))
        && (LastMatches is null || LastMatches.IsMatch(conversation.Last.Content))
        && (LastTool is null || LastTool == conversation.LastTool)
        && (LastToolFailed is null || LastToolFailed == conversation.LastToolFailed);
}
