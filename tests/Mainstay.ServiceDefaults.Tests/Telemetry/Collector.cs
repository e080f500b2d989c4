using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Mainstay.ServiceDefaults.Tests.Telemetry;

/// <summary>Receives telemetry over OTLP/HTTP and keeps it as it came.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly ConcurrentQueue<(string Path, string ContentType, string Authorization, byte[] Body)> requests = [];

    private Collector(WebApplication application) => this.application = application;

    public string Address => application.Urls.First();

    public static async Task<Collector> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var application = builder.Build();
        application.Urls.Add("http://127.0.0.1:0");
        var collector = new Collector(application);
        application.MapPost("/v1/{signal}", collector.ReceiveAsync);
        await application.StartAsync(cancellationToken);
        return collector;
    }

    /// <summary>Whether a request for a path, of the right form and with the right key, held a text and a trace's id.</summary>
    public bool Has(string path, string text, byte[] traceId) => requests.Any(request =>
        request.Path == path
        && request.ContentType == "application/x-protobuf"
        && request.Authorization == "key"
        && request.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0
        && request.Body.AsSpan().IndexOf(traceId) >= 0);

    /// <summary>Whether any request held a text.</summary>
    public bool HasAnywhere(string text) => requests.Any(request => request.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        requests.Enqueue((context.Request.Path, context.Request.ContentType ?? "", context.Request.Headers.Authorization.ToString(), body.ToArray()));
    }
}
