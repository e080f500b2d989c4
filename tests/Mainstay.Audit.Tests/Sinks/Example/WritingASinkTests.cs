using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Mainstay.Testing;

namespace Mainstay.Audit.Tests.Sinks.Example;

public sealed class WritingASinkTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SocketSinkType.cs")]
    [InlineData("SocketSink.cs")]
    public void Document_ItsCode_IsWhatTheTestsRun(string file)
    {
        var code = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Mainstay.Audit.Tests", "Sinks", "Example", file));

        Assert.Contains($"```csharp\n{code}```", File.ReadAllText(Path.Combine(Repository.Root, "docs", "writing-a-sink.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SocketSink_ReceiverComesLateAndIsStrict_GetsEveryEventInOrder()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var trail = await TrailDatabase.CreateAsync(Cancellation);
        var ids = await trail.AppendAsync(100, Cancellation);
        var received = new List<string>();
        var receiving = ReceiveAsync(listener, received);

        await using (trail.Run(TrailDatabase.Configure(
            new SocketSinkType(), ("host", "127.0.0.1"), ("port", $"{((IPEndPoint)listener.LocalEndpoint).Port}"), ("first_backoff", "5ms"))))
        {
            await trail.DrainedAsync(Cancellation);
        }

        listener.Stop();
        await receiving;
        Assert.Equal(ids, received);
    }

    // Refuses its first connection, and takes forty events at once.
    private static async Task ReceiveAsync(TcpListener listener, List<string> received)
    {
        try
        {
            (await listener.AcceptTcpClientAsync()).Dispose();
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                using var reader = new StreamReader(client.GetStream());
                await using var writer = new StreamWriter(client.GetStream()) { AutoFlush = true };
                var ids = new List<string>();
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                {
                    ids.Add((string)JsonNode.Parse(line)!["event_id"]!);
                }

                received.AddRange(ids.Count > 40 ? [] : ids);
                await writer.WriteLineAsync(ids.Count > 40 ? "too large" : "ok");
            }
        }
        catch (SocketException)
        {
            // The test has stopped the listener.
        }
    }
}
