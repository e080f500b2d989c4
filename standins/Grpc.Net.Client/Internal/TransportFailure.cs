using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>Turns failures of the transport into statuses.</summary>
internal static class TransportFailure
{
    public static Status ToStatus(Exception exception) => exception switch
    {
        OperationCanceledException => new Status(StatusCode.Cancelled, "Call canceled.", exception),
        // A connection that was closed in good order took no more than the call with it.
        { InnerException: HttpProtocolException { ErrorCode: 0x0 } } =>
            new Status(StatusCode.Unavailable, $"The server closed the connection: {exception.Message}", exception),
        _ when IsMissedPing(exception) =>
            new Status(StatusCode.Unavailable, $"The server is out of reach: {exception.Message}", exception),
        _ when Reset(exception) is { } code => new Status(code, $"The server ended the stream: {exception.Message}", exception),
        _ when IsConnection(exception) =>
            new Status(StatusCode.Unavailable, $"Error connecting to the server or reading from it. {exception.GetType().Name}: {exception.Message}", exception),
        _ => new Status(StatusCode.Internal, $"Error starting gRPC call. {exception.GetType().Name}: {exception.Message}", exception),
    };

    // .NET tells a missed ping from a server's own protocol error by the message alone.
    private static bool IsMissedPing(Exception? exception) => exception switch
    {
        null => false,
        HttpProtocolException { ErrorCode: 0x1, Message: var message } => message.Contains(nameof(SocketsHttpHandler.KeepAlivePingDelay), StringComparison.Ordinal),
        _ => IsMissedPing(exception.InnerException),
    };

    private static bool IsConnection(Exception? exception) => exception switch
    {
        null => false,
        IOException or System.Net.Sockets.SocketException or ObjectDisposedException => true,
        _ => IsConnection(exception.InnerException),
    };

    // https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#errors
    private static StatusCode? Reset(Exception? exception) => exception switch
    {
        null => null,
        HttpProtocolException { ErrorCode: 0x7 } => StatusCode.Unavailable,
        HttpProtocolException { ErrorCode: 0x8 } => StatusCode.Cancelled,
        HttpProtocolException { ErrorCode: 0xb } => StatusCode.ResourceExhausted,
        HttpProtocolException { ErrorCode: 0xc } => StatusCode.PermissionDenied,
        HttpProtocolException => StatusCode.Internal,
        _ => Reset(exception.InnerException),
    };
}
