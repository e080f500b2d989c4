using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Mainstay.Llm.V1;
using Mainstay.ServiceDefaults.Errors;

namespace Mainstay.LlmGateway;

/// <summary>Every refusal and failure of the LLM gateway.</summary>
internal static class LlmErrors
{
    public static RpcException ModelNotFound(string model) => ServiceError.Create(
        StatusCode.NotFound, LlmErrorReason.ModelNotFound, $"There is no model route '{model}'. List the routes with ListModels.", ("model", model));

    public static RpcException FieldInvalid(params (string Field, string Description)[] violations) => ServiceError.InvalidArgument(
        LlmErrorReason.FieldInvalid,
        string.Join(' ', violations.Select(violation => $"{violation.Field}: {violation.Description}.")),
        violations);

    public static RpcException ProviderUnavailable(string provider, string what) => ServiceError.Create(
        StatusCode.Unavailable, LlmErrorReason.ProviderUnavailable, $"The provider '{provider}' {what} Retry with backoff.", ("provider", provider));

    public static RpcException RateLimited(string provider, TimeSpan retryAfter) => Retry(
        ServiceError.Create(
            StatusCode.ResourceExhausted,
            LlmErrorReason.RateLimited,
            $"The provider '{provider}' limits the rate. Retry in {retryAfter.TotalSeconds:0.#} s.",
            ("provider", provider)),
        retryAfter);

    public static RpcException ProviderRefusedKey(string provider) => ServiceError.Create(
        StatusCode.FailedPrecondition,
        LlmErrorReason.ProviderRefusedKey,
        $"The provider '{provider}' refuses the gateway's key. An operator must mend 'api_key' of this provider in the configuration.",
        ("provider", provider));

    public static RpcException ProviderRefusedRequest(string provider, string what) => ServiceError.Create(
        StatusCode.InvalidArgument, LlmErrorReason.ProviderRefusedRequest, $"The provider '{provider}' refuses the request: {what}", ("provider", provider));

    public static RpcException IdempotencyKeyReused(string key) => ServiceError.Create(
        StatusCode.AlreadyExists,
        LlmErrorReason.IdempotencyKeyReused,
        $"The idempotency_key '{key}' was used for another request. Choose a new one.",
        ("idempotency_key", key));

    public static RpcException IdempotencyKeyBusy(string key, TimeSpan retryAfter) => Retry(
        ServiceError.Create(
            StatusCode.Aborted,
            LlmErrorReason.IdempotencyKeyBusy,
            $"Another call with the idempotency_key '{key}' is under way. Retry in {retryAfter.TotalSeconds:0.#} s for its answer.",
            ("idempotency_key", key)),
        retryAfter);

    public static RpcException RehearsalScriptExhausted(string script, int assistantMessages) => ServiceError.Create(
        StatusCode.FailedPrecondition,
        LlmErrorReason.RehearsalScriptExhausted,
        $"The rehearsal script '{script}' has no turn for a conversation with {assistantMessages} assistant messages that ends as this one does. Add the turn to the script.",
        ("script", script));

    private static RpcException Retry(RpcException error, TimeSpan after)
    {
        var status = error.GetRpcStatus()!;
        status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(after) }));
        return status.ToRpcException();
    }
}
