using System.Text.RegularExpressions;
using Mainstay.Llm.V1;

namespace Mainstay.LlmGateway.Providers.Rehearsal;

/// <summary>Reads one turn of a script.</summary>
internal static partial class ScriptTurnReader
{
    private const int MostChunks = 10_000;

    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<string, ScriptErrorKind> ErrorKinds = new(StringComparer.Ordinal)
    {
        ["rate_limited"] = ScriptErrorKind.RateLimited,
        ["unavailable"] = ScriptErrorKind.Unavailable,
        ["refused"] = ScriptErrorKind.Refused,
        ["key_refused"] = ScriptErrorKind.KeyRefused,
        ["timeout"] = ScriptErrorKind.Timeout,
    };

    private static readonly Dictionary<string, FinishReason> FinishReasons = new(StringComparer.Ordinal)
    {
        ["stop"] = FinishReason.Stop,
        ["tool_calls"] = FinishReason.ToolCalls,
        ["length"] = FinishReason.Length,
        ["content_filter"] = FinishReason.ContentFilter,
    };

    public static ScriptTurn Read(ScriptNode node, int index, IReadOnlySet<string> names)
    {
        var members = node.Members("when", "content", "tool_calls", "finish_reason", "usage", "chunks", "delay", "error");
        var calls = members.TryGetValue("tool_calls", out var list) ? list.Items().Select(item => ToolCall(item, names)).ToList() : [];
        var turn = new ScriptTurn(
            index,
            members.TryGetValue("when", out var when) ? ScriptFile.Condition(when) : new TurnCondition(),
            members.TryGetValue("content", out var content) ? Checked(content, names) : new ScriptText(""),
            calls,
            members.TryGetValue("finish_reason", out var reason) ? reason.Choice(FinishReasons) : calls.Count > 0 ? FinishReason.ToolCalls : FinishReason.Stop,
            members.TryGetValue("usage", out var usage) ? Usage(usage) : null,
            members.GetValueOrDefault("chunks")?.Number(1, MostChunks) ?? 1,
            members.GetValueOrDefault("delay")?.Duration() ?? TimeSpan.Zero,
            members.TryGetValue("error", out var error) ? Error(error) : null);
        return turn.Content.Text.Length == 0 && calls.Count == 0 && turn.Error is null
            ? throw node.Refuse("must have 'content', 'tool_calls' or an 'error'")
            : turn;
    }

    private static ScriptToolCall ToolCall(ScriptNode node, IReadOnlySet<string> names)
    {
        var members = node.Members("name", "arguments");
        if (!members.TryGetValue("name", out var name) || !ToolName().IsMatch(name.Text()))
        {
            throw (name ?? node).Refuse("must name a tool as it is offered to the model: 1 to 64 characters of [a-zA-Z0-9_-]");
        }

        return new ScriptToolCall(name.Text(), members.TryGetValue("arguments", out var arguments) ? ScriptJson.Object(arguments, node => Checked(node, names)) : []);
    }

    private static ScriptText Checked(ScriptNode node, IReadOnlySet<string> names)
    {
        var text = new ScriptText(node.Text());
        return text.Names.FirstOrDefault(name => !names.Contains(name)) is { } unknown
            ? throw node.Refuse($"uses ${{{unknown}}}; known are {string.Join(", ", names.Order(StringComparer.Ordinal))}. Write $${{ where no reference is meant")
            : text;
    }

    private static TokenUsage Usage(ScriptNode node)
    {
        var members = node.Members("input_tokens", "output_tokens");
        int Tokens(string key) => members.TryGetValue(key, out var tokens) ? tokens.Number(0, int.MaxValue) : throw node.Refuse($"must have '{key}'");
        return new TokenUsage(Tokens("input_tokens"), Tokens("output_tokens"), IsEstimate: false);
    }

    private static ScriptError Error(ScriptNode node)
    {
        var members = node.Members("kind", "times", "retry_after", "after_chunks");
        return new ScriptError(
            members.TryGetValue("kind", out var kind) ? kind.Choice(ErrorKinds) : throw node.Refuse("must have a 'kind'"),
            members.GetValueOrDefault("times")?.Number(1, int.MaxValue) ?? 1,
            members.GetValueOrDefault("retry_after")?.Duration() ?? DefaultRetryAfter,
            members.GetValueOrDefault("after_chunks")?.Number(0, MostChunks) ?? 0);
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9_-]{1,64}\z")]
    private static partial Regex ToolName();
}
