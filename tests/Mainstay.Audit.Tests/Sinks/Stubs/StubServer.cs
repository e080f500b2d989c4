using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mainstay.Audit.Tests.Sinks.Stubs;

/// <summary>A receiver that keeps to a vendor's documented contract, refuses what the vendor would refuse, and fails on demand.</summary>
internal abstract class StubServer : IAsyncDisposable
{
    private WebApplication? application;
    private int requests;
    private int port;

    /// <summary>The type of sink that sends here.</summary>
    public abstract ISinkType Type { get; }

    /// <summary>The settings with which it does.</summary>
    public abstract IReadOnlyList<(string Key, string Value)> Settings { get; }

    /// <summary>Where it listens.</summary>
    public string Address => $"http://127.0.0.1:{port}";

    /// <summary>Fails a request in place of an answer; null lets it through.</summary>
    public Func<HttpContext, Task>? Fault { get; set; }

    /// <summary>The largest body that is let through, by a proxy before it or by itself.</summary>
    public long MostBodyBytes { get; set; } = long.MaxValue;

    /// <summary>How many requests came, failed ones included.</summary>
    public int Requests => requests;

    /// <summary>The events that were taken, in the order of their coming.</summary>
    public ConcurrentQueue<JsonObject> Taken { get; } = new();

    /// <summary>Why requests were refused.</summary>
    public ConcurrentQueue<string> Refusals { get; } = new();

    /// <summary>The ids of the events taken, each where it first came.</summary>
    public IReadOnlyList<string> Ids => [.. Taken.Select(one => (string)one["event_id"]!).Distinct()];

    /// <summary>What it speaks.</summary>
    protected virtual HttpProtocols Protocols => HttpProtocols.Http1;

    /// <summary>Starts to listen, the second time where it did the first time.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = Protocols));
        AddServices(builder.Services);
        application = builder.Build();
        application.Use(next => context =>
        {
            Interlocked.Increment(ref requests);
            return Fault is { } fault ? fault(context) : context.Request.ContentLength > MostBodyBytes ? RefuseBodyAsync(context) : next(context);
        });
        Map(application);
        await application.StartAsync(cancellationToken);
        port = new Uri(application.Urls.First()).Port;
    }

    /// <summary>Goes away.</summary>
    public async Task StopAsync()
    {
        if (application is not null)
        {
            await application.DisposeAsync();
            application = null;
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>Adds what it needs beside plain HTTP.</summary>
    protected virtual void AddServices(IServiceCollection services)
    {
    }

    /// <summary>Maps what answers: <see cref="AnswerAsync"/>, unless it does not speak plain HTTP.</summary>
    protected virtual void Map(WebApplication application) => application.Run(AnswerAsync);

    /// <summary>Answers as the vendor does.</summary>
    protected virtual Task AnswerAsync(HttpContext context) => throw new NotSupportedException("It does not speak plain HTTP.");

    /// <summary>Refuses as the vendor does.</summary>
    protected Task RefuseAsync(HttpContext context, int status, string body, string why)
    {
        Refusals.Enqueue(why);
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body);
    }

    private async Task RefuseBodyAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, "", "body");
    }
}
