using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mainstay.Benchmarks.Grpc;

/// <summary>A server of <c>Echo</c> and nothing else, in a process of its own.</summary>
internal static class EchoServer
{
    /// <summary>The command that starts it.</summary>
    public const string Command = "echo-server";

    /// <summary>Serves on a free port, which it prints, until its input ends.</summary>
    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        await using var application = builder.Build();
        application.MapGrpcService<EchoService>();
        await application.StartAsync(cancellationToken);
        Console.WriteLine(new Uri(application.Urls.Single()).Authority);
        await Console.In.ReadToEndAsync(cancellationToken);
        return 0;
    }

    private sealed class EchoService : Echo.EchoBase
    {
        public override Task<EchoMessage> Send(EchoMessage request, ServerCallContext context) => Task.FromResult(request);
    }
}
