using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mainstay.Llm.V1;

namespace Mainstay.LlmGateway.Providers.Rehearsal;

/// <summary>A script: what a model says, turn by turn.</summary>
/// <param name="File">The file that it was read from.</param>
/// <param name="Captures">What it takes from the conversation.</param>
/// <param name="Turns">The turns; the first whose condition holds is played.</param>
internal sealed record RehearsalScript(string File, IReadOnlyList<ScriptCapture> Captures, IReadOnlyList<ScriptTurn> Turns);

/// <summary>A piece of the conversation under a name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Pattern">What is looked for; its first group, or the whole match, is the value.</param>
/// <param name="Role">Whose messages are searched; null for everybody's.</param>
/// <param name="FromNewest">Whether the newest message that matches counts, rather than the oldest.</param>
internal sealed record ScriptCapture(string Name, Regex Pattern, Role? Role, bool FromNewest);

/// <summary>One answer of the model.</summary>
/// <param name="Index">Its place in the script, from 0.</param>
/// <param name="When">When it is played.</param>
/// <param name="Content">The text.</param>
/// <param name="ToolCalls">The tool calls.</param>
/// <param name="FinishReason">Why the model stops.</param>
/// <param name="Usage">The tokens; null to estimate them.</param>
/// <param name="Chunks">Into how many pieces the text is cut.</param>
/// <param name="Delay">The time between pieces.</param>
/// <param name="Error">How its first calls fail; null when they do not.</param>
internal sealed record ScriptTurn(
    int Index,
    TurnCondition When,
    ScriptText Content,
    IReadOnlyList<ScriptToolCall> ToolCalls,
    FinishReason FinishReason,
    TokenUsage? Usage,
    int Chunks,
    TimeSpan Delay,
    ScriptError? Error);

/// <summary>A tool call, whose arguments may refer to the conversation.</summary>
internal sealed record ScriptToolCall(string Name, JsonObject Arguments);

/// <summary>A failure.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Times">How many calls of the turn fail before one succeeds.</param>
/// <param name="RetryAfter">For a rate limit: when to come again.</param>
/// <param name="AfterChunks">After how many pieces of the text.</param>
internal sealed record ScriptError(ScriptErrorKind Kind, int Times, TimeSpan RetryAfter, int AfterChunks);

/// <summary>The kinds of failure that a script can play.</summary>
internal enum ScriptErrorKind
{
    RateLimited,
    Unavailable,
    Refused,
    KeyRefused,
    Timeout,
}
