using System.Diagnostics;
using Grpc.Core;
using Mainstay.ServiceDefaults.Clients;

namespace Mainstay.ServiceDefaults.Errors;

/// <summary>
/// Says to a caller that another service failed. What passes with time stays what it is, so that the caller may retry. Anything else is this
/// service's affair, INTERNAL: the other refused a request of ours, not of the caller's.
/// </summary>
internal static class ServiceFailure
{
    public static RpcException Translate(ServiceCallException failure) => failure.StatusCode switch
    {
        StatusCode.Unavailable => Plain(StatusCode.Unavailable, $"The {failure.Service} service does not answer. Retry with backoff."),
        StatusCode.DeadlineExceeded => Plain(StatusCode.DeadlineExceeded, $"The {failure.Service} service did not answer in time. Retry with backoff."),
        StatusCode.ResourceExhausted or StatusCode.Aborted => WithDetails(failure),
        _ => Plain(StatusCode.Internal, $"The {failure.Service} service failed a call that this one depends on. The failure is in the log under the trace id {Activity.Current?.TraceId}."),
    };

    private static RpcException Plain(StatusCode code, string message) => new(new Status(code, message));

    // Which limit was met, and when to come again, is for the caller to know.
    private static RpcException WithDetails(ServiceCallException failure)
    {
        var message = $"The {failure.Service} service refuses for now: {failure.Status.Detail}";
        if (failure.Trailers.GetRpcStatus(ignoreParseError: true) is not { } status)
        {
            return Plain(failure.StatusCode, message);
        }

        status.Message = message;
        return status.ToRpcException(failure.StatusCode, message);
    }
}
