using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mainstay.ServiceDefaults.Tests.Clients;

/// <summary>Serves one gRPC service with nothing of ours around it.</summary>
internal sealed class PlainServer : IAsyncDisposable
{
    private readonly WebApplication application;

    private PlainServer(WebApplication application) => this.application = application;

    public string Address => application.Urls.First();

    public static async Task<PlainServer> StartAsync<TService>(TService service, CancellationToken cancellationToken)
        where TService : class
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(service);
        var application = builder.Build();
        application.MapGrpcService<TService>();
        await application.StartAsync(cancellationToken);
        return new PlainServer(application);
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();
}
