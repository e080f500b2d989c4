using System.Text.Json.Nodes;
using Google.Protobuf;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>An idempotency key, which is the caller's project's own.</summary>
/// <param name="Team">The team.</param>
/// <param name="Project">The project.</param>
/// <param name="Key">The key as the caller chose it.</param>
/// <param name="Digest">What tells its request from others.</param>
/// <param name="IsApproved">Whether an approval comes along.</param>
/// <param name="Runner">Who takes the key.</param>
internal sealed record InvocationKey(string Team, string Project, string Key, string Digest, bool IsApproved, Guid Runner)
{
    /// <summary>The key of a call; null when it has none.</summary>
    public static InvocationKey? Of(CallToolRequest request, string argumentsDigest, CallerContext caller) => request.IdempotencyKey.Length == 0
        ? null
        : new(caller.Team, caller.Project, request.IdempotencyKey, DigestOf(request, argumentsDigest), request.Approval is not null, Guid.NewGuid());

    // A call is the same call once it is approved. The arguments go in by their digest, as protobuf's JSON refuses some that JSON allows.
    private static string DigestOf(CallToolRequest request, string argumentsDigest)
    {
        var call = request.Clone();
        call.Approval = null;
        call.Arguments = null;
        return CanonicalJson.Digest(new JsonObject { ["call"] = JsonNode.Parse(JsonFormatter.Default.Format(call)), ["arguments_digest"] = argumentsDigest });
    }
}
