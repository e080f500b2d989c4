using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Mainstay.ServiceDefaults.Errors;

namespace Mainstay.ServiceDefaults.Requests;

/// <summary>Refuses requests with malformed values before any capability sees them.</summary>
internal sealed class RequestInterceptor(FieldInvalid fieldInvalid) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Check(request);
        return continuation(request, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(request);
        return continuation(request, responseStream, context);
    }

    private void Check(object request)
    {
        if (request is IMessage message && MalformedValue.Find(message) is { } found)
        {
            throw ServiceError.InvalidArgument(fieldInvalid.Reason, $"{found.Field}: {found.Problem}.", (found.Field, found.Problem));
        }
    }
}
