using Mainstay.Llm.V1;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Canonical;

namespace Mainstay.LlmGateway.Completions;

/// <summary>An idempotency key. It belongs to a team's project; where a caller has neither, to the caller.</summary>
/// <param name="Team">The team.</param>
/// <param name="Project">The project.</param>
/// <param name="Principal">The caller, where neither team nor project says whose key it is.</param>
/// <param name="Key">The key as the caller chose it.</param>
/// <param name="Digest">What tells its request from others.</param>
internal sealed record CompletionKey(string Team, string Project, string Principal, string Key, string Digest)
{
    /// <summary>The key of a question; null when it has none.</summary>
    public static CompletionKey? Of(CompletionInput input, CallerContext caller) => input.IdempotencyKey.Length == 0
        ? null
        : new(
            caller.Team,
            caller.Project,
            caller.Team.Length + caller.Project.Length == 0 ? caller.Principal : "",
            input.IdempotencyKey,
            CanonicalJson.Digest(RequestJson.Of(input)));
}
