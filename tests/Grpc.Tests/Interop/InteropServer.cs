using System.Net;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grpc.Tests.Interop;

/// <summary>A server of the interoperability tests on a free port, without TLS.</summary>
public sealed class InteropServer : IAsyncLifetime
{
    private WebApplication? application;

    /// <summary>"127.0.0.1:port".</summary>
    public string Target { get; private set; } = "";

    public GrpcChannel Channel { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(options => options.ResponseCompressionAlgorithm = "gzip");
        builder.Services.AddGrpcReflection();
        builder.Services.AddGrpcHealthChecks();
        application = builder.Build();
        application.MapGrpcService<InteropService>();
        application.MapGrpcReflectionService();
        application.MapGrpcHealthChecksService();
        await application.StartAsync();

        Target = new Uri(application.Urls.Single()).Authority;
        Channel = GrpcChannel.ForAddress($"http://{Target}");
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await application!.DisposeAsync();
    }
}
