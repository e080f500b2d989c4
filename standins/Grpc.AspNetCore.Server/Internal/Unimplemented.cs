using Grpc.Core;
using Grpc.Net.Internal;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Answers calls of what is not there.</summary>
internal static class Unimplemented
{
    public static Task AnswerAsync(HttpContext context, string message)
    {
        if (!GrpcProtocol.IsGrpcContentType(context.Request.ContentType))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        context.Response.ContentType = GrpcProtocol.ContentType;
        ResponseStatus.Write(context.Response, new Status(StatusCode.Unimplemented, message), trailers: null);
        return Task.CompletedTask;
    }
}
