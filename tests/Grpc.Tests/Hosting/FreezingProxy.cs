using System.Net;
using System.Net.Sockets;

namespace Grpc.Tests.Hosting;

/// <summary>Stands between a client and a server and, once frozen, carries nothing though every connection stays open: a network half dead.</summary>
internal sealed class FreezingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopped = new();
    private readonly Task accepting;
    private readonly int targetPort;
    private volatile bool frozen;
    private long bytesFromServer;
    private long bytesFromClient;

    public FreezingProxy(int targetPort)
    {
        this.targetPort = targetPort;
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Target => listener.LocalEndpoint.ToString()!;

    public long BytesFromServer => Interlocked.Read(ref bytesFromServer);

    public long BytesFromClient => Interlocked.Read(ref bytesFromClient);

    public void Freeze() => frozen = true;

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopped.Dispose();
    }

    private async Task AcceptAsync()
    {
        var carrying = new List<Task>();
        while (!stopped.IsCancellationRequested)
        {
            var client = await listener.AcceptTcpClientAsync(stopped.Token);
            carrying.Add(CarryAsync(client));
        }

        await Task.WhenAll(carrying);
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        await far.ConnectAsync(IPAddress.Loopback, targetPort, stopped.Token);
        await Task.WhenAny(
            CopyAsync(near.GetStream(), far.GetStream(), count => Interlocked.Add(ref bytesFromClient, count)),
            CopyAsync(far.GetStream(), near.GetStream(), count => Interlocked.Add(ref bytesFromServer, count)));
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, Action<int> count)
    {
        var buffer = new byte[16 * 1024];
        for (int read; (read = await from.ReadAsync(buffer, stopped.Token)) > 0;)
        {
            if (!frozen)
            {
                count(read);
                await to.WriteAsync(buffer.AsMemory(0, read), stopped.Token);
            }
        }
    }
}
