using Grpc.Net.Client;

namespace Grpc.Tests.Peers;

/// <summary>A server of Debian's python3-grpcio on a free port, without TLS.</summary>
public sealed class GrpcioServer : IAsyncLifetime
{
    private PeerServer? server;

    public GrpcChannel Channel { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        server = await PeerServer.StartAsync("server.py");
        Channel = GrpcChannel.ForAddress($"http://127.0.0.1:{server.Port}");
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await server!.DisposeAsync();
    }
}
