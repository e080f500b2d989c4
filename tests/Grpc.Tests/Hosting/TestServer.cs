using System.Net;
using Grpc.Net.Client;
using Grpc.Tests.Interop;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grpc.Tests.Hosting;

/// <summary>A server of our stack on a free port, set up by one test.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication application;

    private TestServer(WebApplication application) => this.application = application;

    /// <summary>"127.0.0.1:port".</summary>
    public string Target => new Uri(Address).Authority;

    public string Address => application.Urls.Single();

    public IServiceProvider Services => application.Services;

    public static Task<TestServer> StartAsync(ScriptedService service, Action<WebApplicationBuilder>? configure = null, Action<ListenOptions>? listen = null)
    {
        return StartAsync<ScriptedService>(
            builder =>
            {
                builder.Services.AddSingleton(service);
                configure?.Invoke(builder);
            },
            listen);
    }

    public static async Task<TestServer> StartAsync<TService>(
        Action<WebApplicationBuilder>? configure = null, Action<ListenOptions>? listen = null, Action<WebApplication>? map = null)
        where TService : TestService.TestServiceBase
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http2;
            listen?.Invoke(endpoint);
        }));
        builder.Services.AddGrpc();
        configure?.Invoke(builder);
        var application = builder.Build();
        application.MapGrpcService<TService>();
        map?.Invoke(application);
        await application.StartAsync();
        return new TestServer(application);
    }

    public GrpcChannel CreateChannel(HttpMessageHandler? handler = null) =>
        GrpcChannel.ForAddress(Address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = handler is not null });

    public Task StopAsync(CancellationToken cancellationToken) => application.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => application.DisposeAsync();
}
