using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Mainstay.Llm.V1;
using Mainstay.ServiceDefaults.Errors;
using Status = Grpc.Core.Status;

namespace Mainstay.LlmGateway;

/// <summary>Every refusal and failure of the LLM gateway.</summary>
internal static class LlmErrors
{
    public static RpcException ModelNotFound(string model) => ServiceError.Create(
        StatusCode.NotFound, LlmErrorReason.ModelNotFound, $"There is no model route '{model}'. List the routes with ListModels.", ("model", model));

    public static RpcException ScopeMissing(string model, string scope) => ServiceError.Create(
        StatusCode.PermissionDenied,
        LlmErrorReason.ScopeMissing,
        $"The model '{model}' needs the scope '{scope}', which the caller does not hold.",
        ("scope", scope),
        ("model", model));

    public static RpcException FieldInvalid(params (string Field, string Description)[] violations) => ServiceError.InvalidArgument(
        LlmErrorReason.FieldInvalid,
        string.Join(' ', violations.Select(violation => $"{violation.Field}: {violation.Description}.")),
        violations);

    /// <param name="provider">The provider.</param>
    /// <param name="what">What it did, as the end of a sentence that begins with its name.</param>
    public static RpcException ProviderUnavailable(string provider, string what) => ServiceError.Create(
        StatusCode.Unavailable, LlmErrorReason.ProviderUnavailable, $"The provider '{provider}' {what}. Retry with backoff.", ("provider", provider));

    public static RpcException RateLimited(string provider, TimeSpan retryAfter) => RetryAfter(retryAfter, ServiceError.Create(
        StatusCode.ResourceExhausted,
        LlmErrorReason.RateLimited,
        $"The provider '{provider}' limits the rate. Retry after {retryAfter.TotalSeconds:0.###} s.",
        ("provider", provider)));

    public static RpcException ProviderRefusedKey(string provider, string what) => ServiceError.Create(
        StatusCode.FailedPrecondition,
        LlmErrorReason.ProviderRefusedKey,
        $"The provider '{provider}' {what}. An operator must mend the provider's 'api_key', or the account behind it.",
        ("provider", provider));

    public static RpcException ProviderRefusedRequest(string provider, string what) => ServiceError.Create(
        StatusCode.InvalidArgument, LlmErrorReason.ProviderRefusedRequest, $"The provider '{provider}' refuses the request: {what}", ("provider", provider));

    public static RpcException IdempotencyKeyReused(string key) => ServiceError.Create(
        StatusCode.AlreadyExists,
        LlmErrorReason.IdempotencyKeyReused,
        $"The idempotency_key '{key}' was used for another request. Choose a new one.",
        ("idempotency_key", key));

    public static RpcException IdempotencyKeyBusy(string key, TimeSpan retryAfter) => RetryAfter(retryAfter, ServiceError.Create(
        StatusCode.Aborted,
        LlmErrorReason.IdempotencyKeyBusy,
        $"Another call with the idempotency_key '{key}' is under way. Retry after {retryAfter.TotalSeconds:0.###} s for its answer.",
        ("idempotency_key", key)));

    /// <param name="script">The script's file.</param>
    /// <param name="turn">The turn that the conversation has reached, from 0.</param>
    /// <param name="what">What is missing there.</param>
    public static RpcException RehearsalScriptExhausted(string script, int turn, string what) => ServiceError.Create(
        StatusCode.FailedPrecondition,
        LlmErrorReason.RehearsalScriptExhausted,
        $"The rehearsal script {script} has no answer at turn {turn}: {what}.",
        ("script", script),
        ("turn", $"{turn}"));

    public static RpcException Stopping() => new(new Status(StatusCode.Unavailable, "The gateway is stopping. Retry with backoff."));

    private static RpcException RetryAfter(TimeSpan delay, RpcException error)
    {
        var status = error.GetRpcStatus()!;
        status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        return status.ToRpcException();
    }
}
