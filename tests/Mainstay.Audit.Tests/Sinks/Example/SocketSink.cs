using System.Net.Sockets;
using System.Text;
using Mainstay.Audit.Sinks;

namespace Mainstay.Audit.Tests.Sinks.Example;

/// <summary>Writes each event as a line to a TCP connection; the receiver answers each batch with "ok".</summary>
internal sealed class SocketSink(string host, int port, TimeSpan timeout, TimeProvider clock) : IAuditSink
{
    public SinkLimits Limits { get; } = new(500, 1 << 20, 256 * 1024) { Gathering = TimeSpan.FromMilliseconds(200) };

    public byte[] Encode(OutgoingEvent outgoing) => Encoding.UTF8.GetBytes(outgoing.Json + "\n");

    public async Task<Delivery> DeliverAsync(IReadOnlyList<EncodedEvent> events, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, either.Token);
            await client.GetStream().WriteAsync(events.SelectMany(encoded => encoded.Bytes).Append((byte)'\n').ToArray(), either.Token);
            using var reader = new StreamReader(client.GetStream());
            return await reader.ReadLineAsync(either.Token) switch
            {
                "ok" => Delivery.Complete,
                "too large" => new Delivery(DeliveryOutcome.TooLarge, "it said 'too large'"),
                _ => new Delivery(DeliveryOutcome.Retry, "it did not say 'ok'"),
            };
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new Delivery(DeliveryOutcome.Retry, $"the connection failed ({exception.GetType().Name})");
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
