using Grpc.Tests.Peers;

namespace Grpc.Tests.Wire;

/// <summary>A server that answers wrongly as asked.</summary>
public sealed class MalformedServer : IAsyncLifetime
{
    private PeerServer? server;

    public string Address => $"http://127.0.0.1:{server!.Port}";

    public async ValueTask InitializeAsync() => server = await PeerServer.StartAsync("malformed-server.js");

    public ValueTask DisposeAsync() => server!.DisposeAsync();
}
