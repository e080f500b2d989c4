using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Mainstay.Audit.Recording;

/// <summary>
/// Hands deliveries on without waiting until they are dealt with. To have a batch under way, RabbitMQ.Client would otherwise need a loop for each of its messages, of which
/// each message that comes wakes all.
/// </summary>
internal sealed class UnawaitedConsumer(IAsyncBasicConsumer consumer) : IAsyncBasicConsumer
{
    public IChannel? Channel => consumer.Channel;

    public Task HandleBasicDeliverAsync(
        string consumerTag,
        ulong deliveryTag,
        bool redelivered,
        string exchange,
        string routingKey,
        IReadOnlyBasicProperties properties,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken = default)
    {
        // The client takes the bytes back when this returns.
        _ = consumer.HandleBasicDeliverAsync(consumerTag, deliveryTag, redelivered, exchange, routingKey, properties, body.ToArray(), cancellationToken);
        return Task.CompletedTask;
    }

    public Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default) =>
        consumer.HandleBasicCancelAsync(consumerTag, cancellationToken);

    public Task HandleBasicCancelOkAsync(string consumerTag, CancellationToken cancellationToken = default) =>
        consumer.HandleBasicCancelOkAsync(consumerTag, cancellationToken);

    public Task HandleBasicConsumeOkAsync(string consumerTag, CancellationToken cancellationToken = default) =>
        consumer.HandleBasicConsumeOkAsync(consumerTag, cancellationToken);

    public Task HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason) => consumer.HandleChannelShutdownAsync(channel, reason);
}
