using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Permissions;

/// <summary>Decides about a call without making it.</summary>
internal sealed class CheckPermission(PolicyReader policies)
{
    public async Task<PermissionDecision> ExecuteAsync(CheckPermissionRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        var violations = CallChecks.Names(request.Connector, request.ToolName, request.Scope).ToArray();
        if (violations.Length > 0)
        {
            throw ToolErrors.FieldInvalid(violations);
        }

        var arguments = CallChecks.Arguments(request.Arguments);
        var policy = await policies.ReadAsync(caller, request.Scope, cancellationToken);
        return policy.Decide($"{request.Connector}.{request.ToolName}", arguments);
    }
}
