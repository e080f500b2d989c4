using System.Text.RegularExpressions;
using Google.Protobuf.WellKnownTypes;

namespace Mainstay.LlmGateway.Providers.Rehearsal;

/// <summary>Reads one turn of a script.</summary>
internal static class RehearsalTurnReader
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(1);

    public static RehearsalTurn Read(RehearsalNode node)
    {
        node.AllowOnly("when", "content", "tool_calls", "usage", "chunks", "delay", "error");
        var when = node.Optional("when");
        when?.AllowOnly("assistant_messages", "last_contains", "last_matches");
        var usage = node.Optional("usage");
        usage?.AllowOnly("input_tokens", "output_tokens");
        return new RehearsalTurn
        {
            AssistantMessages = when?.Optional("assistant_messages")?.Number(),
            LastContains = when?.Optional("last_contains")?.Text(),
            LastMatches = when?.Optional("last_matches") is { } pattern ? Pattern(pattern) : null,
            Content = node.Optional("content")?.Text() ?? "",
            ToolCalls = [.. node.Optional("tool_calls")?.Items().Select(ToolCall) ?? []],
            InputTokens = usage?.Optional("input_tokens")?.Number(),
            OutputTokens = usage?.Optional("output_tokens")?.Number(),
            Chunks = Math.Max(1, node.Optional("chunks")?.Number() ?? 1),
            Delay = node.Optional("delay")?.Duration() ?? TimeSpan.Zero,
            Error = node.Optional("error") is { } error ? Error(error) : null,
        };
    }

    private static (string Name, Struct Arguments) ToolCall(RehearsalNode node)
    {
        node.AllowOnly("name", "arguments");
        return (node.Required("name").Text(), node.Optional("arguments")?.ToStruct() ?? new Struct());
    }

    private static Regex Pattern(RehearsalNode node)
    {
        try
        {
            return new Regex(node.Text(), RegexOptions.CultureInvariant, MatchTimeout);
        }
        catch (ArgumentException e)
        {
            throw node.Wrong($"must be a regular expression: {e.Message}");
        }
    }

    private static RehearsalError Error(RehearsalNode node)
    {
        node.AllowOnly("kind", "times", "retry_after");
        var kind = node.Required("kind");
        return new RehearsalError(
            kind.Text() switch
            {
                "unavailable" => RehearsalErrorKind.Unavailable,
                "rate_limited" => RehearsalErrorKind.RateLimited,
                "refused" => RehearsalErrorKind.Refused,
                "key_refused" => RehearsalErrorKind.KeyRefused,
                _ => throw kind.Wrong("must be unavailable, rate_limited, refused or key_refused"),
            },
            node.Optional("times")?.Number() ?? 1,
            node.Optional("retry_after")?.Duration() ?? DefaultRetryAfter);
    }
}
