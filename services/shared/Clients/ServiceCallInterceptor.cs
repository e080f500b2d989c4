using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Mainstay.ServiceDefaults.Clients;

/// <summary>Traces and measures the calls to one service, and puts its name on their failures.</summary>
internal sealed class ServiceCallInterceptor(string service) : Interceptor
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation) =>
        throw new NotSupportedException($"A service does not block while it waits: call {context.Method.Name}Async.");

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var (observed, call) = OutgoingCall.Begin(service, context.Method, () => continuation(request, context));
        return new(observed.EndsAsync(call.ResponseAsync), observed.NamedAsync(call.ResponseHeadersAsync), call.GetStatus, call.GetTrailers, Ending(call, observed));
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var (observed, call) = OutgoingCall.Begin(service, context.Method, () => continuation(request, context));
        var responses = new ServiceCallReader<TResponse>(call.ResponseStream, observed);
        return new(responses, observed.NamedAsync(call.ResponseHeadersAsync), call.GetStatus, call.GetTrailers, Ending(call, observed));
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var (observed, call) = OutgoingCall.Begin(service, context.Method, () => continuation(context));
        return new(call.RequestStream, observed.EndsAsync(call.ResponseAsync), observed.NamedAsync(call.ResponseHeadersAsync), call.GetStatus, call.GetTrailers, Ending(call, observed));
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var (observed, call) = OutgoingCall.Begin(service, context.Method, () => continuation(context));
        var responses = new ServiceCallReader<TResponse>(call.ResponseStream, observed);
        return new(call.RequestStream, responses, observed.NamedAsync(call.ResponseHeadersAsync), call.GetStatus, call.GetTrailers, Ending(call, observed));
    }

    // Whoever disposes of a call before its end has cancelled it.
    private static Action Ending(IDisposable call, OutgoingCall observed) => () =>
    {
        call.Dispose();
        observed.End(StatusCode.Cancelled);
    };
}

/// <summary>Reads the responses of a call; their end is the call's end.</summary>
internal sealed class ServiceCallReader<T>(IAsyncStreamReader<T> responses, OutgoingCall observed) : IAsyncStreamReader<T>
{
    public T Current => responses.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        var more = await observed.NamedAsync(responses.MoveNext(cancellationToken));
        if (!more)
        {
            observed.End(StatusCode.OK);
        }

        return more;
    }
}
