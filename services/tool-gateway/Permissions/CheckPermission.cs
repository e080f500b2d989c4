using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Permissions;

/// <summary>Decides about a call without making it.</summary>
internal sealed class CheckPermission(PolicyReader policies)
{
    public async Task<PermissionDecision> ExecuteAsync(CheckPermissionRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        var policy = await policies.ReadAsync(caller, request.Scope, cancellationToken);
        return policy.Decide($"{request.Connector}.{request.ToolName}", (request.Arguments ?? new()).ToJsonObject());
    }
}
