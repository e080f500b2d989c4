using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Mainstay.ServiceDefaults.Clients;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Mainstay.ServiceDefaults.Errors;

/// <summary>Lets stated errors pass, the longest cut; logs any other and answers without its details.</summary>
internal sealed partial class ErrorInterceptor(FieldInvalid fieldInvalid, ILogger<ErrorInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception) when (MustBeMapped(exception))
        {
            throw Map(exception, context);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception exception) when (MustBeMapped(exception))
        {
            throw Map(exception, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception exception) when (MustBeMapped(exception))
        {
            throw Map(exception, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception exception) when (MustBeMapped(exception))
        {
            throw Map(exception, context);
        }
    }

    // Another service's failure was not stated for our caller.
    private static bool MustBeMapped(Exception exception) => exception is not RpcException stated || stated is ServiceCallException || BoundedError.IsTooLarge(stated);

    private RpcException Map(Exception exception, ServerCallContext context)
    {
        if (exception is RpcException stated and not ServiceCallException)
        {
            return BoundedError.Of(stated);
        }

        if (context.CancellationToken.IsCancellationRequested)
        {
            return context.Deadline <= TimeProvider.System.GetUtcNow().UtcDateTime
                ? new RpcException(new Status(StatusCode.DeadlineExceeded, "The deadline passed before the call ended."))
                : new RpcException(new Status(StatusCode.Cancelled, "The caller cancelled the call."));
        }

        if (exception is NpgsqlException { IsTransient: true } or PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown })
        {
            Log.DatabaseUnavailable(logger, context.Method, exception);
            return new RpcException(new Status(StatusCode.Unavailable, "The service's database does not answer. Retry with backoff."));
        }

        if (exception is PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter })
        {
            return ServiceError.InvalidArgument(fieldInvalid.Reason, "A text of the request holds the character U+0000, which cannot be stored. Send it without.");
        }

        if (exception is ServiceCallException failure)
        {
            Log.ServiceFailed(logger, failure.Service, context.Method, exception);
            return ServiceFailure.Translate(failure);
        }

        Log.Failed(logger, context.Method, exception);
        return new RpcException(new Status(StatusCode.Internal, $"The service failed. The failure is in its log under the trace id {Activity.Current?.TraceId}."));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The call of {Method} failed")]
        public static partial void Failed(ILogger logger, string method, Exception exception);

        [LoggerMessage(Level = LogLevel.Warning, Message = "A call to {Service} failed the call of {Method}")]
        public static partial void ServiceFailed(ILogger logger, string service, string method, Exception exception);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The database did not answer the call of {Method}")]
        public static partial void DatabaseUnavailable(ILogger logger, string method, Exception exception);
    }
}
