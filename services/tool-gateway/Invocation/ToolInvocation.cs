using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.ToolGateway.Permissions;
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
    /// <summary>The tool as rules name it.</summary>
    public string Tool => $"{Request.Connector}.{Request.ToolName}";

    /// <summary>Checks a request; refuses it with every field that is not valid.</summary>
    public static ToolInvocation From(CallToolRequest request, CallerContext caller)
    {
        var violations = CallChecks.Names(request.Connector, request.ToolName, request.Scope).ToList();
        if (!PlainText.Is(request.IdempotencyKey, PlainText.LongestName))
        {
            violations.Add(("idempotency_key", $"must be at most {PlainText.LongestName} characters, none of them a control character"));
        }

        if (violations.Count > 0)
        {
            throw ToolErrors.FieldInvalid([.. violations]);
        }

        var arguments = CallChecks.Arguments(request.Arguments);
        var canonical = CanonicalJson.Serialize(arguments);
        if (canonical.Length > MostArgumentBytes)
        {
            throw ToolErrors.FieldInvalid(("arguments", "must be at most 1 MiB as JSON"));
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(canonical));
        return new ToolInvocation(request, arguments, digest, caller, InvocationKey.Of(request, digest, caller));
    }
}
