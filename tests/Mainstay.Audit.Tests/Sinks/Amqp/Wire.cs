using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Mainstay.Audit.Tests.Sinks.Amqp;

/// <summary>A line to a server that can be cut, and can go dead.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> ends = new();
    private readonly Uri server;
    private readonly Task accepting;

    public Wire(Uri server)
    {
        this.server = server;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>The server's address, by way of this line.</summary>
    public Uri Address => new UriBuilder(server) { Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port }.Uri;

    /// <summary>Whether nothing comes through, although both ends stay connected.</summary>
    public bool IsDead { get; set; }

    /// <summary>Cuts every connection; new ones are taken.</summary>
    public void Cut()
    {
        foreach (var end in ends.Keys)
        {
            end.Close();
        }
    }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        Cut();
        await accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await listener.AcceptTcpClientAsync();
                var far = new TcpClient();
                await far.ConnectAsync(server.Host, server.Port);
                ends[near] = ends[far] = true;
                _ = CarryAsync(near, far);
                _ = CarryAsync(far, near);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(TcpClient from, TcpClient to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is var count and > 0)
            {
                if (!IsDead)
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It has been cut.
        }

        ends.TryRemove(from, out _);
        from.Close();
        to.Close();
    }
}
