using Mainstay.Llm.V1;
using Mainstay.LlmGateway.Providers;
using Mainstay.LlmGateway.Routing;
using Mainstay.ServiceDefaults.Authentication;

namespace Mainstay.LlmGateway.Completions;

/// <summary>A question that has been checked and may be asked.</summary>
/// <param name="Input">The question.</param>
/// <param name="IsStreamed">Whether the caller reads the text as it comes.</param>
/// <param name="Caller">On whose account.</param>
/// <param name="Route">Where its model leads.</param>
/// <param name="Key">The idempotency key; null without one.</param>
internal sealed record CompletionJob(CompletionInput Input, bool IsStreamed, CallerContext Caller, ModelRoute Route, CompletionKey? Key)
{
    /// <summary>The question as the provider gets it.</summary>
    public ModelQuestion Question => new(
        Route.UpstreamModel, Input, Input.MaxOutputTokens > 0 ? Input.MaxOutputTokens : Route.MaxOutputTokens, IsStreamed);
}
