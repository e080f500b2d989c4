using Grpc.Core;
using Grpc.Net.Client.Internal.Retry;

namespace Grpc.Net.Client.Internal;

/// <summary>Makes calls on a channel.</summary>
internal sealed class HttpClientCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        using var call = AsyncUnaryCall(method, host, options, request);
        return call.ResponseAsync.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = Start(method, host, options);
        call.SendSingle(request);
        return new AsyncUnaryCall<TResponse>(call.ReadSingleAsync(), call.HeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = Start(method, host, options);
        call.SendSingle(request);
        return new AsyncServerStreamingCall<TResponse>(call.Responses, call.HeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = Start(method, host, options);
        var requests = call.SendStream();
        return new AsyncClientStreamingCall<TRequest, TResponse>(requests, call.ReadSingleAsync(), call.HeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = Start(method, host, options);
        var requests = call.SendStream();
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(requests, call.Responses, call.HeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    private IGrpcCall<TRequest, TResponse> Start<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
        where TRequest : class
        where TResponse : class
    {
        ObjectDisposedException.ThrowIf(channel.IsDisposed, channel);
        return channel.RetryPolicies.For(method) is { MaxAttempts: > 1 } settings
            ? new RetryingCall<TRequest, TResponse>(channel, method, host, options, settings)
            : new GrpcCall<TRequest, TResponse>(channel, method, host, options);
    }
}
