using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Mainstay.Audit.Tests.Sinks.Webhook;

/// <summary>What a receiver was sent.</summary>
internal sealed record Received(string Id, long Timestamp, string Signature, string Body);

/// <summary>A receiver of webhooks that answers as a test wants.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication application;

    private Receiver(WebApplication application) => this.application = application;

    public string Address => application.Urls.First();

    /// <summary>What was taken, in order.</summary>
    public ConcurrentQueue<Received> Taken { get; } = new();

    /// <summary>How many deliveries were refused.</summary>
    public int Refusals { get; private set; }

    /// <summary>The answer; 2xx takes the delivery.</summary>
    public Func<HttpResponse, int> Answer { get; set; } = _ => StatusCodes.Status204NoContent;

    public static async Task<Receiver> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new Receiver(builder.Build());
        receiver.application.MapPost("/", receiver.ReceiveAsync);
        await receiver.application.StartAsync(cancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var headers = context.Request.Headers;
        var received = new Received(headers["webhook-id"]!, long.Parse(headers["webhook-timestamp"]!), headers["webhook-signature"]!, await reader.ReadToEndAsync());
        context.Response.StatusCode = Answer(context.Response);
        if (context.Response.StatusCode < 300)
        {
            Taken.Enqueue(received);
        }
        else
        {
            Refusals++;
        }
    }
}
