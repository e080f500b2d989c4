using System.Text.Json.Nodes;
using Google.Protobuf;
using Mainstay.Llm.V1;
using Mainstay.LlmGateway.Providers;
using Mainstay.LlmGateway.Routing;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Canonical;

namespace Mainstay.LlmGateway.Completions;

/// <summary>A question that is to be answered.</summary>
/// <param name="Input">The question.</param>
/// <param name="Caller">On whose account.</param>
/// <param name="Route">Where its model leads.</param>
/// <param name="Provider">Who answers.</param>
/// <param name="Key">The idempotency key; null without one.</param>
internal sealed record CompletionJob(CompletionInput Input, CallerContext Caller, ModelRoute Route, IModelProvider Provider, CompletionKey? Key);

/// <summary>An idempotency key, which is the caller's project's own.</summary>
/// <param name="Team">The team.</param>
/// <param name="Project">The project.</param>
/// <param name="Key">The key as the caller chose it.</param>
/// <param name="Digest">What tells its request from others.</param>
/// <param name="Runner">Who takes the key.</param>
internal sealed record CompletionKey(string Team, string Project, string Key, string Digest, Guid Runner)
{
    /// <summary>The key of a question; null when it has none.</summary>
    public static CompletionKey? Of(CompletionInput input, CallerContext caller) => input.IdempotencyKey.Length == 0
        ? null
        : new(caller.Team, caller.Project, input.IdempotencyKey, CanonicalJson.Digest(JsonNode.Parse(JsonFormatter.Default.Format(input))), Guid.NewGuid());
}
