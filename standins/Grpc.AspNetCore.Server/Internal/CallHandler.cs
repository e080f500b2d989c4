using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Internal;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>What all kinds of calls share: the checks before, the status after.</summary>
internal abstract partial class CallHandler<TService>(IMethod method, MethodSettings settings)
    where TService : class
{
    // Made only when needed: a registered service may have constructors that cannot be told apart.
    private static readonly Lazy<ObjectFactory<TService>> Factory = new(() => ActivatorUtilities.CreateFactory<TService>(Type.EmptyTypes));

    protected MethodSettings Settings => settings;

    public async Task HandleAsync(HttpContext httpContext)
    {
        if (!Accepts(httpContext))
        {
            return;
        }

        LiftLimits(httpContext);
        using var context = new CallContext(httpContext, method, settings, httpContext.RequestServices.GetService<TimeProvider>() ?? TimeProvider.System);
        httpContext.Features.Set<ServerCallContext>(context);
        context.Begin();
        try
        {
            await CallAsync(context);
        }
        catch (Exception exception)
        {
            context.Fail(exception);
            var logger = httpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Grpc.AspNetCore.Server.ServerCallHandler");
            if (context.Status.StatusCode == StatusCode.Unknown && exception is not RpcException)
            {
                Log.HandlerFailed(logger, method.FullName, exception);
            }
            else
            {
                Log.CallFailed(logger, method.FullName, context.Status.StatusCode);
            }
        }

        // Whatever comes after the deadline is dropped: the caller has its status.
        var mayEnd = context.Ending is not { } ending || await ending.TryEndAsync();
        if (mayEnd && !httpContext.RequestAborted.IsCancellationRequested)
        {
            context.WriteStatus();
        }
    }

    protected abstract Task CallAsync(CallContext context);

    /// <summary>Runs an act on an instance of the service, which is disposed of afterwards when it was made for the call.</summary>
    protected static async Task<T> WithServiceAsync<T>(ServerCallContext context, Func<TService, Task<T>> act)
    {
        var services = ((CallContext)context).HttpContext.RequestServices;
        if (services.GetService<TService>() is { } registered)
        {
            return await act(registered);
        }

        var created = Factory.Value(services, null);
        try
        {
            return await act(created);
        }
        finally
        {
            if (created is IAsyncDisposable asyncDisposable)
            {
                await asyncDisposable.DisposeAsync();
            }
            else
            {
                (created as IDisposable)?.Dispose();
            }
        }
    }

    /// <summary>Puts the interceptors before a handler, the first outermost.</summary>
    protected THandler Intercepted<THandler>(CallContext context, THandler innermost, Func<Interceptor, THandler, THandler> wrap)
    {
        var handler = innermost;
        for (var i = settings.Interceptors.Count - 1; i >= 0; i--)
        {
            handler = wrap(settings.Interceptors[i].Resolve(context.HttpContext.RequestServices), handler);
        }

        return handler;
    }

    private static bool Accepts(HttpContext context)
    {
        if (!GrpcProtocol.IsGrpcContentType(context.Request.ContentType))
        {
            Refuse(context, StatusCodes.Status415UnsupportedMediaType, $"Content-Type '{context.Request.ContentType}' is not supported.");
            return false;
        }

        if (!HttpProtocol.IsHttp2(context.Request.Protocol) && !HttpProtocol.IsHttp3(context.Request.Protocol))
        {
            Refuse(context, StatusCodes.Status426UpgradeRequired, $"Request protocol '{context.Request.Protocol}' is not supported.");
            context.Response.Headers.Upgrade = "HTTP/2";
            return false;
        }

        return true;
    }

    private static void Refuse(HttpContext context, int httpStatus, string detail)
    {
        context.Response.StatusCode = httpStatus;
        ResponseStatus.Write(context.Response, new Status(StatusCode.Internal, detail), trailers: null);
    }

    // A stream may be silent for hours, and messages have limits of their own.
    private static void LiftLimits(HttpContext context)
    {
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The handler of {Method} failed")]
        public static partial void HandlerFailed(ILogger logger, string method, Exception exception);

        [LoggerMessage(Level = LogLevel.Debug, Message = "The call of {Method} ended with {StatusCode}")]
        public static partial void CallFailed(ILogger logger, string method, StatusCode statusCode);
    }
}
