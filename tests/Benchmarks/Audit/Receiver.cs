using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Mainstay.Benchmarks.Audit;

/// <summary>Where records arrive over HTTP, one a request or many; it answers 200 and an empty object, after a pause if it is told to.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly ConcurrentDictionary<string, long> arrivals = new();
    private int requests;

    private Receiver(WebApplication application) => this.application = application;

    /// <summary>When each event came first, by its <c>webhook-id</c>.</summary>
    public IReadOnlyDictionary<string, long> Arrivals => arrivals;

    /// <summary>How many requests came, repetitions of an event left out.</summary>
    public int Count => Volatile.Read(ref requests);

    public Uri Address => new(application.Urls.Single());

    /// <summary>Starts to listen.</summary>
    public static async Task<Receiver> StartAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        var receiver = new Receiver(builder.Build());
        receiver.application.Run(context => receiver.TakeAsync(context, pause));
        await receiver.application.StartAsync(cancellationToken);
        return receiver;
    }

    /// <summary>Returns once so many have come.</summary>
    public async Task ReceivedAsync(int count, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (Count < count)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task TakeAsync(HttpContext context, TimeSpan pause)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, context.RequestAborted);
        }

        await context.Response.WriteAsync("{}", context.RequestAborted);
        var id = context.Request.Headers["webhook-id"].ToString();
        if (id.Length == 0 || arrivals.TryAdd(id, Stopwatch.GetTimestamp()))
        {
            Interlocked.Increment(ref requests);
        }
    }
}
