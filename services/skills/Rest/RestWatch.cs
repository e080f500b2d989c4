using Grpc.Core;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.Changes;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Rest;

/// <summary>Tells of changes by plain HTTP, as server-sent events; the id of each is its cursor, by which clients go on by themselves.</summary>
internal static class RestWatch
{
    private const string LastEventId = "Last-Event-ID";

    public static Task WatchAsync(HttpContext http) => RestCall.RunAsync(http, async () =>
    {
        var request = await RestRequest.ReadAsync<WatchSkillsRequest>(http);
        request.Cursor = request.Cursor.Length > 0 ? request.Cursor : http.Request.Headers[LastEventId].ToString();
        try
        {
            await http.RequestServices.GetRequiredService<WatchSkills>().ExecuteAsync(request, new Events(http.Response), http.GetCaller(), http.RequestAborted);
        }
        catch (RpcException) when (http.Response.HasStarted)
        {
            // No status can follow events; whoever lost the stream comes again with the last cursor.
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The watcher has left.
        }
    });

    private sealed class Events(HttpResponse response) : IServerStreamWriter<WatchSkillsResponse>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(WatchSkillsResponse message) => WriteAsync(message, CancellationToken.None);

        public async Task WriteAsync(WatchSkillsResponse message, CancellationToken cancellationToken)
        {
            if (!response.HasStarted)
            {
                response.ContentType = "text/event-stream";
                response.Headers.CacheControl = "no-cache";
            }

            await response.WriteAsync($"id: {message.Cursor}\ndata: {RestCall.Json(message)}\n\n", cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }
    }
}
