using System.Buffers;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Mainstay.Audit.Recording.Bus;

/// <summary>
/// Hands on as one delivery, by the tag of the last, what the broker delivers at a time: MassTransit's way with a message costs more than to store one. None is waited for,
/// as RabbitMQ.Client would need a loop for each that is under way.
/// </summary>
internal sealed class GatheredDeliveries(IAsyncBasicConsumer consumer, GatheredAcks acks) : IAsyncBasicConsumer
{
    private const string TraceParent = "traceparent";
    private const int MostMessages = 100;

    // What is much larger lies where the collector seldom collects.
    private const int MostBytes = 48 * 1024;
    private const int MostKeptBytes = 1024 * 1024;

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(2);
    private static readonly BasicProperties NoProperties = new();

    private readonly Lock access = new();
    private ArrayBufferWriter<byte> frames = new(MostBytes);
    private string consumerTag = "";
    private ulong last;
    private int count;
    private bool isScheduled;

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
        var traceParent = properties.Headers?.TryGetValue(TraceParent, out var value) == true && value is byte[] text ? text : [];
        bool isFull, isFirst;
        lock (access)
        {
            BusMessages.Write(frames, body.Span, traceParent);
            (this.consumerTag, last) = (consumerTag, deliveryTag);
            isFull = ++count >= MostMessages || frames.WrittenCount >= MostBytes;
            isFirst = !isScheduled && !isFull;
            isScheduled |= isFirst;
        }

        if (isFull)
        {
            HandOn();
        }
        else if (isFirst)
        {
            _ = HandOnLaterAsync();
        }

        return Task.CompletedTask;
    }

    public Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default) =>
        consumer.HandleBasicCancelAsync(consumerTag, cancellationToken);

    public Task HandleBasicCancelOkAsync(string consumerTag, CancellationToken cancellationToken = default) =>
        consumer.HandleBasicCancelOkAsync(consumerTag, cancellationToken);

    public Task HandleBasicConsumeOkAsync(string consumerTag, CancellationToken cancellationToken = default) =>
        consumer.HandleBasicConsumeOkAsync(consumerTag, cancellationToken);

    public Task HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason) => consumer.HandleChannelShutdownAsync(channel, reason);

    private async Task HandOnLaterAsync()
    {
        await Task.Delay(Gathering);
        lock (access)
        {
            isScheduled = false;
        }

        HandOn();
    }

    private void HandOn()
    {
        byte[] gathered;
        ulong tag;
        lock (access)
        {
            if (count == 0)
            {
                return;
            }

            (gathered, tag) = (frames.WrittenSpan.ToArray(), last);
            acks.Expect(tag, count);
            count = 0;
            frames.ResetWrittenCount();
            frames = frames.Capacity > MostKeptBytes ? new(MostBytes) : frames;
        }

        _ = consumer.HandleBasicDeliverAsync(consumerTag, tag, redelivered: false, exchange: "", routingKey: "", NoProperties, gathered);
    }
}
