using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Mainstay.ServiceDefaults.Errors;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway;

/// <summary>Every refusal and failure of the tool gateway.</summary>
internal static class ToolErrors
{
    public static RpcException ConnectorNotFound(string connector) => ServiceError.Create(
        StatusCode.NotFound,
        ToolErrorReason.ConnectorNotFound,
        $"There is no connector '{connector}'. An operator adds it under 'tools.connectors' in the configuration.",
        ("connector", connector));

    public static RpcException ToolNotFound(string connector, string toolName) => ServiceError.Create(
        StatusCode.NotFound,
        ToolErrorReason.ToolNotFound,
        $"The connector '{connector}' has no tool '{toolName}'. List the tools with ListTools.",
        ("connector", connector),
        ("tool_name", toolName));

    public static RpcException ConnectorUnavailable(string connector, string why, TimeSpan retryAfter) => Retry(
        ServiceError.Create(StatusCode.Unavailable, ToolErrorReason.ConnectorUnavailable, $"The connector '{connector}' cannot be used: {why}", ("connector", connector)),
        retryAfter);

    public static RpcException FieldInvalid(params (string Field, string Description)[] violations) => ServiceError.InvalidArgument(
        ToolErrorReason.FieldInvalid,
        string.Join(' ', violations.Select(violation => $"{violation.Field}: {violation.Description}.")),
        violations);

    public static RpcException RoleMissing(string what) => ServiceError.Create(StatusCode.PermissionDenied, ToolErrorReason.RoleMissing, what);

    public static RpcException ApprovalMismatch(string approvalId, string why) => ServiceError.Create(
        StatusCode.PermissionDenied, ToolErrorReason.ApprovalMismatch, $"The approval '{approvalId}' {why}", ("approval_id", approvalId));

    public static RpcException IdempotencyKeyReused(string key) => ServiceError.Create(
        StatusCode.AlreadyExists,
        ToolErrorReason.IdempotencyKeyReused,
        $"The idempotency_key '{key}' was used for another call. Choose a new one.",
        ("idempotency_key", key));

    public static RpcException IdempotencyKeyBusy(string key, TimeSpan retryAfter) => Retry(
        ServiceError.Create(
            StatusCode.Aborted,
            ToolErrorReason.IdempotencyKeyBusy,
            $"Another call with the idempotency_key '{key}' is under way. Retry in {retryAfter.TotalSeconds:0.#} s for its result.",
            ("idempotency_key", key)),
        retryAfter);

    private static RpcException Retry(RpcException error, TimeSpan after)
    {
        var status = error.GetRpcStatus()!;
        status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(after) }));
        return status.ToRpcException();
    }
}
