using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace Mainstay.ServiceDefaults.Authentication;

/// <summary>
/// Says to a gRPC caller why its token was refused, and what to do: UNAUTHENTICATED with the reason TOKEN_MISSING or TOKEN_INVALID of the domain
/// <c>auth.mainstay</c>. A bare HTTP 401, which gRPC clients take for the same code, says neither.
/// </summary>
internal sealed class TokenRefusal : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler otherwise = new();

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (!authorizeResult.Challenged || context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
        {
            await otherwise.HandleAsync(next, context, policy, authorizeResult);
            return;
        }

        // Remembered from when the request came in.
        var failure = (await context.AuthenticateAsync()).Failure;
        await (failure is null
            ? AnswerAsync(context.Response, "TOKEN_MISSING", "This call needs a token, in the metadata 'authorization: Bearer <token>'.")
            : AnswerAsync(context.Response, "TOKEN_INVALID", $"{failure.Message.TrimEnd('.')}. Get a new token for this audience and call again."));
    }

    // A response of headers alone: the status stands where the trailers would.
    private static Task AnswerAsync(HttpResponse response, string reason, string message)
    {
        var status = new Google.Rpc.Status
        {
            Code = (int)StatusCode.Unauthenticated,
            Message = message,
            Details = { Any.Pack(new ErrorInfo { Type = reason, Domain = "auth.mainstay" }) },
        };
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers.WWWAuthenticate = "Bearer";
        response.Headers["grpc-status"] = $"{status.Code}";
        response.Headers["grpc-message"] = Uri.EscapeDataString(message);
        response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(status.ToByteArray()).TrimEnd('=');
        return response.CompleteAsync();
    }
}
