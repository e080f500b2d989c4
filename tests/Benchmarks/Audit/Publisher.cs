using System.Text.Json;
using Mainstay.BusContracts;
using Mainstay.ServiceDefaults.Canonical;
using RabbitMQ.Client;

namespace Mainstay.Benchmarks.Audit;

/// <summary>Puts events into a queue, in their canonical form as services send them.</summary>
internal sealed class Publisher : IAsyncDisposable
{
    private const int Unconfirmed = 2000;

    private readonly IConnection connection;
    private readonly IChannel channel;
    private readonly string queue;

    private Publisher(IConnection connection, IChannel channel, string queue) => (this.connection, this.channel, this.queue) = (connection, channel, queue);

    /// <summary>Connects to the broker.</summary>
    public static async Task<Publisher> OpenAsync(Uri broker, string queue, CancellationToken cancellationToken)
    {
        var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(cancellationToken);
        var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null), cancellationToken);
        return new(connection, channel, queue);
    }

    /// <summary>Returns once the broker has confirmed all.</summary>
    public async Task PublishAsync(IEnumerable<AuditEvent> events, CancellationToken cancellationToken)
    {
        foreach (var chunk in events.Chunk(Unconfirmed))
        {
            await Task.WhenAll(chunk.Select(one => channel.BasicPublishAsync(
                "", queue, mandatory: true, new BasicProperties { Persistent = true }, CanonicalJson.Serialize(JsonSerializer.SerializeToNode(one)), cancellationToken).AsTask()));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }
}
