using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client.Internal;

internal static partial class GrpcCallLog
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "The call of {Method} ended with {StatusCode}")]
    public static partial void Ended(ILogger logger, string method, StatusCode statusCode);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The call of {Method} failed with {StatusCode} in attempt {Attempt} and will be tried again")]
    public static partial void Retrying(ILogger logger, string method, StatusCode statusCode, int attempt);
}
