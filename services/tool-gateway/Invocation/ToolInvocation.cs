using System.Text.Json.Nodes;
using Google.Protobuf;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>A tool call that is to be decided about and made.</summary>
/// <param name="Request">The call.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="ArgumentsDigest">SHA-256 of their canonical JSON.</param>
/// <param name="Caller">On whose account.</param>
/// <param name="Key">The idempotency key; null without one.</param>
internal sealed record ToolInvocation(CallToolRequest Request, JsonObject Arguments, string ArgumentsDigest, CallerContext Caller, InvocationKey? Key)
{
    private const int MostArgumentBytes = 1024 * 1024;
    private const int LongestKey = 256;

    /// <summary>The tool as rules name it.</summary>
    public string Tool => $"{Request.Connector}.{Request.ToolName}";

    /// <summary>Checks a request; refuses it with every field that is not valid.</summary>
    public static ToolInvocation From(CallToolRequest request, CallerContext caller)
    {
        var violations = new List<(string, string)>();
        if (request.Connector.Length == 0)
        {
            violations.Add(("connector", "must name a connector"));
        }

        if (request.ToolName.Length == 0)
        {
            violations.Add(("tool_name", "must name a tool"));
        }

        if (request.Arguments?.CalculateSize() > MostArgumentBytes)
        {
            violations.Add(("arguments", "must be at most 1 MiB"));
        }

        if (request.IdempotencyKey.Length > LongestKey)
        {
            violations.Add(("idempotency_key", $"must be at most {LongestKey} characters"));
        }

        if (violations.Count > 0)
        {
            throw ToolErrors.FieldInvalid([.. violations]);
        }

        var arguments = (request.Arguments ?? new()).ToJsonObject();
        return new ToolInvocation(request, arguments, CanonicalJson.Digest(arguments), caller, InvocationKey.Of(request, caller));
    }
}

/// <summary>An idempotency key, which is the caller's project's own.</summary>
/// <param name="Team">The team.</param>
/// <param name="Project">The project.</param>
/// <param name="Key">The key as the caller chose it.</param>
/// <param name="Digest">What tells its request from others.</param>
/// <param name="Runner">Who takes the key.</param>
internal sealed record InvocationKey(string Team, string Project, string Key, string Digest, Guid Runner)
{
    /// <summary>The key of a call; null when it has none.</summary>
    public static InvocationKey? Of(CallToolRequest request, CallerContext caller) => request.IdempotencyKey.Length == 0
        ? null
        : new(caller.Team, caller.Project, request.IdempotencyKey, CanonicalJson.Digest(JsonNode.Parse(JsonFormatter.Default.Format(request))), Guid.NewGuid());
}
