using System.Text.RegularExpressions;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Llm.V1;

namespace Mainstay.LlmGateway.Providers.Rehearsal;

/// <summary>One turn of a script: when it is played, and what it says.</summary>
internal sealed record RehearsalTurn
{
    /// <summary>How many assistant messages the conversation holds; null for any number.</summary>
    public int? AssistantMessages { get; init; }

    /// <summary>What the last message must contain; null for anything.</summary>
    public string? LastContains { get; init; }

    /// <summary>What the last message must match; null for anything.</summary>
    public Regex? LastMatches { get; init; }

    /// <summary>The text.</summary>
    public string Content { get; init; } = "";

    /// <summary>The tool calls.</summary>
    public IReadOnlyList<(string Name, Struct Arguments)> ToolCalls { get; init; } = [];

    /// <summary>Prompt tokens; null to estimate them.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Answer tokens; null to estimate them.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Into how many pieces the text is cut; default 1.</summary>
    public int Chunks { get; init; } = 1;

    /// <summary>How long to wait after each piece; default not at all.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How the turn fails before it succeeds; null when it does not.</summary>
    public RehearsalError? Error { get; init; }

    /// <summary>Whether this is the turn for a conversation.</summary>
    public bool Fits(CompletionInput input)
    {
        var last = input.Messages[^1].Content;
        return (AssistantMessages is null || input.Messages.Count(message => message.Role == Role.Assistant) == AssistantMessages)
            && (LastContains is null || last.Contains(LastContains, StringComparison.Ordinal))
            && (LastMatches is null || LastMatches.IsMatch(last));
    }

    /// <summary>The text in its pieces, of equal length but for the last.</summary>
    public IEnumerable<string> Pieces()
    {
        var length = Math.Max(1, (Content.Length + Chunks - 1) / Chunks);
        for (var start = 0; start < Content.Length;)
        {
            var end = Math.Min(start + length, Content.Length);

            // A character of two code units stays whole.
            end += end < Content.Length && char.IsLowSurrogate(Content[end]) ? 1 : 0;
            yield return Content[start..end];
            start = end;
        }
    }

    /// <summary>The whole answer.</summary>
    public ProviderAnswer Answer(CompletionInput input)
    {
        var message = new Message { Role = Role.Assistant, Content = Content };
        for (var index = 0; index < ToolCalls.Count; index++)
        {
            message.ToolCalls.Add(new ToolCall { ToolCallId = $"call_{index}", ToolName = ToolCalls[index].Name, Arguments = ToolCalls[index].Arguments });
        }

        return new ProviderAnswer(
            message,
            ToolCalls.Count > 0 ? FinishReason.ToolCalls : FinishReason.Stop,
            InputTokens ?? input.Messages.Sum(one => TokenEstimate.Of(one.Content)),
            OutputTokens ?? TokenEstimate.Of(Content) + message.ToolCalls.Sum(call => TokenEstimate.Of(call.Arguments.ToString())));
    }
}

/// <summary>How a turn fails, and how often before it succeeds.</summary>
internal sealed record RehearsalError(RehearsalErrorKind Kind, int Times, TimeSpan RetryAfter);

/// <summary>The ways in which a turn can fail.</summary>
internal enum RehearsalErrorKind
{
    Unavailable,
    RateLimited,
    Refused,
    KeyRefused,
}
