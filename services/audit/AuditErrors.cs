using Grpc.Core;
using Mainstay.Audit.V1;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Errors;

namespace Mainstay.Audit;

/// <summary>Every refusal of the audit trail.</summary>
internal static class AuditErrors
{
    public static RpcException EventNotFound(string eventId) => ServiceError.Create(
        StatusCode.NotFound,
        AuditErrorReason.EventNotFound,
        $"The trail holds no event '{eventId}'. It may not have arrived yet; find events with SearchEvents.",
        ("event_id", eventId));

    public static RpcException FieldInvalid(string field, string description) => ServiceError.InvalidArgument(
        AuditErrorReason.FieldInvalid, $"{field}: {description}.", (field, description));

    public static RpcException ScopeMissing(string scope) => ServiceError.Create(
        StatusCode.PermissionDenied,
        AuditErrorReason.ScopeMissing,
        $"This needs the scope '{scope}' or the role 'admin', and the token holds neither.",
        ("scope", scope));

    public static RpcException SinkNotFound(string name, IEnumerable<string> names) => ServiceError.Create(
        StatusCode.NotFound,
        AuditErrorReason.SinkNotFound,
        $"There is no sink '{name}'. The configuration has {(string.Join(", ", names) is { Length: > 0 } known ? known : "none")}.",
        ("name", name));

    public static RpcException RoleMissing(string role) => ServiceError.Create(
        StatusCode.PermissionDenied,
        AuditErrorReason.RoleMissing,
        $"This needs the role '{role}', and the token does not hold it.",
        ("role", role));

    /// <summary>Refuses callers who do not administer the installation.</summary>
    public static void RequireAdmin(CallerContext caller)
    {
        if (!caller.IsAdmin)
        {
            throw RoleMissing("admin");
        }
    }

    /// <summary>Refuses callers who may not read the trail.</summary>
    public static void RequireReader(CallerContext caller)
    {
        const string Scope = "audit:read";
        if (!caller.HasScope(Scope))
        {
            throw ScopeMissing(Scope);
        }
    }
}
