using System.Diagnostics;
using System.Text.Json;
using Grpc.Net.Client;

namespace Grpc.Tests.Peers;

/// <summary>A server of @grpc/grpc-js on a free port, without TLS.</summary>
public sealed class GrpcJsServer : IAsyncLifetime
{
    private PeerServer? server;

    public string Address => $"http://127.0.0.1:{server!.Port}";

    public GrpcChannel Channel { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        server = await PeerServer.StartAsync("server.js", "{}");
        Channel = GrpcChannel.ForAddress(Address);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await server!.DisposeAsync();
    }
}

/// <summary>A peer's server that one test starts for itself.</summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private readonly Process process;

    private PeerServer(Process process, int port)
    {
        this.process = process;
        Port = port;
    }

    public int Port { get; }

    public static Task<PeerServer> StartGrpcJsAsync(object settings) => StartAsync("server.js", JsonSerializer.Serialize(settings));

    public static async Task<PeerServer> StartAsync(string script, params string[] arguments)
    {
        var process = PeerProcess.Start(script.EndsWith(".py", StringComparison.Ordinal) ? PeerProcess.Python : "node", [Path.Combine(PeerProcess.Directory, script), .. arguments]);
        var first = await process.StandardOutput.ReadLineAsync();
        return int.TryParse(first, out var port)
            ? new PeerServer(process, port)
            : throw new InvalidOperationException($"{script}: {first} {await process.StandardError.ReadToEndAsync()}");
    }

    public Task CommandAsync(string command, CancellationToken cancellationToken) =>
        process.StandardInput.WriteAsync($"{command}\n".AsMemory(), cancellationToken);

    public async Task<string?> ReadLineAsync(CancellationToken cancellationToken) => await process.StandardOutput.ReadLineAsync(cancellationToken);

    /// <summary>Waits until the server says a line.</summary>
    public async Task WaitForAsync(string line, CancellationToken cancellationToken)
    {
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } said)
        {
            if (said == line)
            {
                return;
            }
        }

        throw new InvalidOperationException($"The server ended without saying '{line}'.");
    }

    public void Kill() => process.Kill();

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
