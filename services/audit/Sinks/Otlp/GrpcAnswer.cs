using Google.Rpc;
using Grpc.Core;

namespace Mainstay.Audit.Sinks.Otlp;

/// <summary>What a collector's refusal over gRPC means.</summary>
internal static class GrpcAnswer
{
    /// <summary>
    /// What to do after a refusal, by the table of OTLP's specification; what that calls "not retryable" and would have dropped is sorted here into what an
    /// event is to blame for and what an operator has to mend.
    /// </summary>
    public static Delivery ToDelivery(RpcException refusal)
    {
        var retryDelay = refusal.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan();
        var outcome = refusal.StatusCode switch
        {
            // Without a time after which there is room again, there never is for a message of this size.
            StatusCode.ResourceExhausted when retryDelay is null => DeliveryOutcome.TooLarge,
            StatusCode.InvalidArgument => DeliveryOutcome.Refused,
            StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.Unimplemented or StatusCode.NotFound or StatusCode.FailedPrecondition
                => DeliveryOutcome.Stop,

            // UNKNOWN and INTERNAL are not to be retried by the table; but an audit trail does not give up over a server's error.
            _ => DeliveryOutcome.Retry,
        };
        return new Delivery(outcome, $"it answered {refusal.StatusCode}") { RetryAfter = retryDelay };
    }
}
