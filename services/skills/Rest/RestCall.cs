using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Mainstay.ServiceDefaults.Authentication;
using Npgsql;

namespace Mainstay.Skills.Rest;

/// <summary>Carries one call by plain HTTP: the same request, answer and errors as over gRPC, as JSON.</summary>
internal static class RestCall
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default
        .WithPreserveProtoFieldNames(true)
        .WithTypeRegistry(Google.Protobuf.Reflection.TypeRegistry.FromMessages(ErrorInfo.Descriptor, BadRequest.Descriptor)));

    /// <summary>Carries out an act; the request comes from the body as JSON, from the query and from the path, the path counting most.</summary>
    public static RequestDelegate Of<TRequest>(Func<IServiceProvider, TRequest, CallerContext, CancellationToken, Task<IMessage>> act)
        where TRequest : class, IMessage<TRequest>, new() => http => RunAsync(http, async () =>
    {
        var request = await RestRequest.ReadAsync<TRequest>(http);
        var answer = await act(http.RequestServices, request, http.GetCaller(), http.RequestAborted);
        await WriteAsync(http, answer);
    });

    /// <summary>Answers with what a call fails with, as google.rpc.Status.</summary>
    public static async Task RunAsync(HttpContext http, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (RpcException exception)
        {
            http.Response.StatusCode = HttpCode(exception.StatusCode);
            await WriteAsync(http, exception.GetRpcStatus() ?? new Google.Rpc.Status { Code = (int)exception.StatusCode, Message = exception.Status.Detail });
        }
        catch (NpgsqlException exception) when (exception.IsTransient)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await WriteAsync(http, new Google.Rpc.Status { Code = (int)StatusCode.Unavailable, Message = "The service's database does not answer. Retry with backoff." });
        }
    }

    public static async Task WriteAsync(HttpContext http, IMessage message)
    {
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(Json(message), http.RequestAborted);
    }

    /// <summary>A message as it is answered with: on one line.</summary>
    public static string Json(IMessage message) => Formatter.Format(message);

    // As google/rpc/code.proto maps them.
    private static int HttpCode(StatusCode code) => code switch
    {
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange => StatusCodes.Status400BadRequest,
        StatusCode.Unauthenticated => StatusCodes.Status401Unauthorized,
        StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
        StatusCode.NotFound => StatusCodes.Status404NotFound,
        StatusCode.AlreadyExists or StatusCode.Aborted => StatusCodes.Status409Conflict,
        StatusCode.ResourceExhausted => StatusCodes.Status429TooManyRequests,
        StatusCode.Cancelled => StatusCodes.Status499ClientClosedRequest,
        StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        StatusCode.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };
}
