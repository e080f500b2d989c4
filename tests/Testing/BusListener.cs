using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Mainstay.Testing;

/// <summary>A message as it came from the bus.</summary>
public sealed record BusMessage(string RoutingKey, ReadOnlyMemory<byte> Body, bool Persistent, IReadOnlyDictionary<string, object?> Headers);

/// <summary>Listens on an exchange with a queue of its own.</summary>
public sealed class BusListener : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    private readonly IConnection connection;
    private readonly Channel<BusMessage> messages = Channel.CreateUnbounded<BusMessage>();

    private readonly bool isAudit;

    private BusListener(IConnection connection, bool isAudit) => (this.connection, this.isAudit) = (connection, isAudit);

    /// <summary>Starts to listen; whatever is published from now on is kept.</summary>
    public static async Task<BusListener> StartAsync(string exchange, string pattern, CancellationToken cancellationToken)
    {
        var connection = await new ConnectionFactory { Uri = await TestServers.RabbitMqAsync() }.CreateConnectionAsync(cancellationToken);
        var listener = new BusListener(connection, exchange == "mainstay.audit");
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);
        var queue = await channel.QueueDeclareAsync(cancellationToken: cancellationToken);
        await channel.QueueBindAsync(queue.QueueName, exchange, pattern, cancellationToken: cancellationToken);

        // A relay holds back a batch of which no queue takes a part; here another takes the rest, as the audit service's queue does.
        var rest = await channel.QueueDeclareAsync(arguments: new Dictionary<string, object?> { ["x-max-length"] = 1 }, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(rest.QueueName, exchange, "#", cancellationToken: cancellationToken);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) => await listener.messages.Writer.WriteAsync(new BusMessage(
            delivery.RoutingKey,
            delivery.Body.ToArray(),
            delivery.BasicProperties.Persistent,
            delivery.BasicProperties.Headers?.ToDictionary() ?? []));
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, cancellationToken);
        return listener;
    }

    /// <summary>The next message; fails when none comes within two minutes, or when it is not what the contract promises of the audit exchange.</summary>
    public async Task<BusMessage> NextAsync(CancellationToken cancellationToken)
    {
        var message = await messages.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(LongestWait, cancellationToken);
        return isAudit && AuditContract.Violations(message) is [_, ..] violations
            ? throw new InvalidOperationException($"The event on {message.RoutingKey} breaks docs/audit-events.md: {string.Join("; ", violations)}")
            : message;
    }

    public async ValueTask DisposeAsync() => await connection.DisposeAsync();
}
