using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using Mainstay.Audit.Recording.Bus;
using Mainstay.Testing;
using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;

namespace Mainstay.Audit.Tests.Recording.Bus;

public sealed class GatheredDeliveriesTests
{
    private readonly NeverDone consumer = (NeverDone)DispatchProxy.Create<IAsyncBasicConsumer, NeverDone>();
    private readonly GatheredDeliveries gathered;

    public GatheredDeliveriesTests() =>
        gathered = new GatheredDeliveries((IAsyncBasicConsumer)(object)consumer, new GatheredAcks(DispatchProxy.Create<ChannelContext, GatheredAcksTests.RecordedChannel>()));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HandleBasicDeliver_FewMessages_HandsThemOnTogetherWithBytesOfTheirOwn()
    {
        var lent = Encoding.UTF8.GetBytes("first");

        await DeliverAsync(1, lent);
        lent.AsSpan().Clear();
        await DeliverAsync(2, "second"u8.ToArray(), "00-trace-span-01");
        await Eventually.TrueAsync(() => consumer.Messages.Count == 2, Cancellation);

        Assert.Equal([("first", ""), ("second", "00-trace-span-01")], consumer.Messages.Order());
        Assert.Equal(2UL, consumer.Tags.Max());
    }

    [Fact]
    public async Task HandleBasicDeliver_ConsumerIsNotDone_HandsOnFullOnesAllTheSameAndLosesNone()
    {
        for (var tag = 1; tag <= 250; tag++)
        {
            await DeliverAsync((ulong)tag, Encoding.UTF8.GetBytes($"{tag}"));
        }

        await DeliverAsync(251, new byte[100_000]);
        await Eventually.TrueAsync(() => consumer.Messages.Count == 251, Cancellation);

        // What the clock hands on may overtake what is full, or be overtaken.
        Assert.Equal(251UL, consumer.Tags.Max());
        Assert.InRange(consumer.Tags.Count, 3, 251);
        Assert.Equal(Enumerable.Range(1, 250).Select(tag => $"{tag}").Order(), consumer.Messages.Select(message => message.Body).Where(body => body.Length <= 3).Order());
        Assert.Contains(consumer.Messages, message => message.Body.Length == 100_000);
    }

    private Task DeliverAsync(ulong tag, byte[] body, string? traceParent = null)
    {
        var properties = new BasicProperties
        {
            Headers = traceParent is null ? null : new Dictionary<string, object?> { ["traceparent"] = Encoding.ASCII.GetBytes(traceParent) },
        };
        return gathered.HandleBasicDeliverAsync("tag", tag, false, "", "", properties, body, Cancellation);
    }

    /// <summary>A consumer that keeps each delivery for ever.</summary>
    public class NeverDone : DispatchProxy
    {
        /// <summary>The tags of the deliveries.</summary>
        public ConcurrentQueue<ulong> Tags { get; } = [];

        /// <summary>The bodies and the traces of the messages in the deliveries.</summary>
        public ConcurrentQueue<(string Body, string TraceParent)> Messages { get; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Tags.Enqueue((ulong)args![1]!);
            foreach (var message in new BusMessages((ReadOnlyMemory<byte>)args[6]!).Read())
            {
                Messages.Enqueue((Encoding.UTF8.GetString(message.Body.Span), Encoding.ASCII.GetString(message.TraceParent.Span)));
            }

            return new TaskCompletionSource().Task;
        }
    }
}
