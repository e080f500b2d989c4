using Grpc.Core;

namespace Grpc.AspNetCore.Server.Internal;

internal sealed class UnaryCallHandler<TService, TRequest, TResponse>(
    Method<TRequest, TResponse> method,
    MethodSettings settings,
    Func<TService, TRequest, ServerCallContext, Task<TResponse>> implementation) : CallHandler<TService>(method, settings)
    where TService : class
    where TRequest : class
    where TResponse : class
{
    private readonly UnaryServerMethod<TRequest, TResponse> innermost =
        (request, context) => WithServiceAsync(context, service => implementation(service, request, context));

    protected override async Task CallAsync(CallContext context)
    {
        var request = await MessageReader.ReadSingleAsync(context, method.RequestMarshaller);
        var handler = Intercepted(context, innermost, (interceptor, next) => (r, c) => interceptor.UnaryServerHandler(r, c, next));
        await Response.WriteAsync(context, await handler(request, context), method);
    }
}

internal sealed class ClientStreamingCallHandler<TService, TRequest, TResponse>(
    Method<TRequest, TResponse> method,
    MethodSettings settings,
    Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>> implementation) : CallHandler<TService>(method, settings)
    where TService : class
    where TRequest : class
    where TResponse : class
{
    private readonly ClientStreamingServerMethod<TRequest, TResponse> innermost =
        (requests, context) => WithServiceAsync(context, service => implementation(service, requests, context));

    protected override async Task CallAsync(CallContext context)
    {
        var requests = new RequestStream<TRequest>(context, method.RequestMarshaller);
        var handler = Intercepted(context, innermost, (interceptor, next) => (r, c) => interceptor.ClientStreamingServerHandler(r, c, next));
        await Response.WriteAsync(context, await handler(requests, context), method);
    }
}

internal sealed class ServerStreamingCallHandler<TService, TRequest, TResponse>(
    Method<TRequest, TResponse> method,
    MethodSettings settings,
    Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task> implementation) : CallHandler<TService>(method, settings)
    where TService : class
    where TRequest : class
    where TResponse : class
{
    private readonly ServerStreamingServerMethod<TRequest, TResponse> innermost =
        (request, responses, context) => WithServiceAsync(context, async service =>
        {
            await implementation(service, request, responses, context);
            return true;
        });

    protected override async Task CallAsync(CallContext context)
    {
        var request = await MessageReader.ReadSingleAsync(context, method.RequestMarshaller);
        var responses = new ResponseStream<TResponse>(context, method.ResponseMarshaller);
        var handler = Intercepted(context, innermost, (interceptor, next) => (r, s, c) => interceptor.ServerStreamingServerHandler(r, s, c, next));
        try
        {
            await handler(request, responses, context);
        }
        finally
        {
            responses.Complete();
        }
    }
}

internal sealed class DuplexStreamingCallHandler<TService, TRequest, TResponse>(
    Method<TRequest, TResponse> method,
    MethodSettings settings,
    Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task> implementation) : CallHandler<TService>(method, settings)
    where TService : class
    where TRequest : class
    where TResponse : class
{
    private readonly DuplexStreamingServerMethod<TRequest, TResponse> innermost =
        (requests, responses, context) => WithServiceAsync(context, async service =>
        {
            await implementation(service, requests, responses, context);
            return true;
        });

    protected override async Task CallAsync(CallContext context)
    {
        var requests = new RequestStream<TRequest>(context, method.RequestMarshaller);
        var responses = new ResponseStream<TResponse>(context, method.ResponseMarshaller);
        var handler = Intercepted(context, innermost, (interceptor, next) => (r, s, c) => interceptor.DuplexStreamingServerHandler(r, s, c, next));
        try
        {
            await handler(requests, responses, context);
        }
        finally
        {
            responses.Complete();
        }
    }
}

internal static class Response
{
    /// <summary>Writes the one response of a call that does not stream them; nothing when the handler set an error.</summary>
    public static async Task WriteAsync<TRequest, TResponse>(CallContext context, TResponse? response, Method<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class
    {
        if (response is null)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method."));
        }

        if (context.Status.StatusCode == StatusCode.OK && context.Ending?.TryBeginWrite() != false)
        {
            try
            {
                // Begun before the first byte is written, so that the status goes into trailers.
                await context.HttpContext.Response.StartAsync(context.CancellationToken);
                new MessageWriter(context).Write(response, method.ResponseMarshaller);
            }
            finally
            {
                await (context.Ending?.EndWriteAsync() ?? Task.CompletedTask);
            }
        }
    }
}
