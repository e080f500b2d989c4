using MassTransit;
using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Mainstay.Audit.Recording.Bus;

/// <summary>
/// Acknowledges as many messages as it can at once: each acknowledgement by itself is an entry in a quorum queue's log, which costs the broker more than to deliver the
/// message. One that is lost costs nothing but a repetition.
/// </summary>
internal sealed class GatheredAcks(ChannelContext channel) : ScopeChannelContext(channel, channel.CancellationToken), ChannelContext
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(5);

    private readonly ChannelContext channel = channel;
    private readonly IChannel closing = UnawaitedClosing.Of(channel.Channel);
    private readonly Lock access = new();
    private readonly SemaphoreSlim turn = new(1);
    private readonly Queue<Gathered> expected = [];
    private readonly Dictionary<ulong, Gathered> unsettled = [];
    private ulong acknowledged;
    private bool scheduled;

    IChannel ChannelContext.Channel => closing;

    /// <summary>What is told next of a tag is meant for as many deliveries up to it; in their order.</summary>
    public void Expect(ulong lastTag, int count)
    {
        var gathered = new Gathered(lastTag, count);
        lock (access)
        {
            expected.Enqueue(gathered);
            unsettled.Add(lastTag, gathered);
        }
    }

    ValueTask ChannelContext.BasicAck(ulong deliveryTag, bool multiple)
    {
        if (Settle(deliveryTag, isAcknowledged: true))
        {
            _ = FlushLaterAsync();
        }

        return ValueTask.CompletedTask;
    }

    async Task ChannelContext.BasicNack(ulong deliveryTag, bool multiple, bool requeue)
    {
        try
        {
            // All up to a tag would be also those that are still being stored.
            for (var tag = deliveryTag - (ulong)CountOf(deliveryTag) + 1; tag <= deliveryTag; tag++)
            {
                await channel.BasicNack(tag, multiple: false, requeue);
            }
        }
        catch (Exception exception) when (IsGone(exception))
        {
            // The channel is gone, and the broker delivers again what it holds.
            return;
        }

        if (Settle(deliveryTag, isAcknowledged: false))
        {
            await FlushLaterAsync();
        }
    }

    Task<string> ChannelContext.BasicConsume(
        string queue, bool noAck, bool exclusive, IDictionary<string, object?> arguments, IAsyncBasicConsumer consumer, string consumerTag, CancellationToken cancellationToken) =>
        channel.BasicConsume(queue, noAck, exclusive, arguments, new GatheredDeliveries(consumer, this), consumerTag, cancellationToken);

    async Task ChannelContext.BasicCancel(string consumerTag)
    {
        await FlushAsync();
        await channel.BasicCancel(consumerTag);
    }

    private static bool IsGone(Exception exception) =>
        exception is OperationInterruptedException or ObjectDisposedException or OperationCanceledException;

    private int CountOf(ulong lastTag)
    {
        lock (access)
        {
            return unsettled.GetValueOrDefault(lastTag)?.Count ?? 0;
        }
    }

    // Whether it is for the caller to flush.
    private bool Settle(ulong lastTag, bool isAcknowledged)
    {
        lock (access)
        {
            if (unsettled.Remove(lastTag, out var gathered))
            {
                gathered.IsAcknowledged = isAcknowledged;
            }

            return !scheduled && (scheduled = true);
        }
    }

    private async Task FlushLaterAsync()
    {
        await Task.Delay(Gathering);
        await FlushAsync();
    }

    private async Task FlushAsync()
    {
        await turn.WaitAsync();
        try
        {
            if (Advance() is { } last)
            {
                await channel.BasicAck(last, multiple: true);
            }
        }
        catch (Exception exception) when (IsGone(exception))
        {
            // As above.
        }
        finally
        {
            turn.Release();
        }
    }

    // All up to a tag are acknowledged together, so none may be among them that is still being stored; and the broker must still wait for the tag itself.
    private ulong? Advance()
    {
        lock (access)
        {
            scheduled = false;
            var last = acknowledged;
            while (expected.TryPeek(out var next) && next.IsAcknowledged is { } isAcknowledged)
            {
                expected.Dequeue();
                last = isAcknowledged ? next.LastTag : last;
            }

            return last == acknowledged ? null : acknowledged = last;
        }
    }

    // Deliveries that are settled together.
    private sealed class Gathered(ulong lastTag, int count)
    {
        public ulong LastTag => lastTag;

        public int Count => count;

        public bool? IsAcknowledged { get; set; }
    }
}

/// <summary>Has the acknowledgements of a channel gathered.</summary>
internal sealed class GatherAcks : IFilter<ChannelContext>
{
    public Task Send(ChannelContext context, IPipe<ChannelContext> next) => next.Send(new GatheredAcks(context));

    public void Probe(ProbeContext context) => context.CreateFilterScope("gatherAcks");
}
