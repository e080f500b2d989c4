using System.Collections.Concurrent;
using System.Reflection;
using Mainstay.Audit.Recording;
using Mainstay.Testing;
using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Mainstay.Audit.Tests.Recording;

public sealed class GatheredAcksTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BasicAck_TagsWithAGap_AcknowledgesUpToTheGapUntilItCloses()
    {
        var (channel, calls) = RecordedChannel.Create();
        ChannelContext gathered = new GatheredAcks(channel);

        await gathered.BasicAck(2, false);
        await gathered.BasicAck(1, false);
        await gathered.BasicAck(4, false);
        await Eventually.TrueAsync(() => calls.Contains("BasicAck 2 True"), Cancellation);
        await gathered.BasicAck(3, false);
        await Eventually.TrueAsync(() => calls.Contains("BasicAck 4 True"), Cancellation);

        Assert.Equal(["BasicAck 2 True", "BasicAck 4 True"], calls);
    }

    [Fact]
    public async Task BasicNack_EndOfARun_AcknowledgesNothingThatWasRejected()
    {
        var (channel, calls) = RecordedChannel.Create();
        ChannelContext gathered = new GatheredAcks(channel);

        await gathered.BasicAck(1, false);
        await gathered.BasicNack(2, false, true);
        await gathered.BasicCancel("tag");

        Assert.Contains("BasicNack 2 False True", calls);
        Assert.Contains("BasicAck 1 True", calls);
        Assert.DoesNotContain(calls, call => call.StartsWith("BasicAck 2", StringComparison.Ordinal));
        Assert.Equal("BasicCancel tag", calls.Last());
    }

    [Fact]
    public async Task BasicNack_ChannelIsGone_EndsWithoutAnError()
    {
        var (channel, calls) = RecordedChannel.Create(isOpen: false);
        ChannelContext gathered = new GatheredAcks(channel);

        await gathered.BasicNack(1, false, true);

        Assert.Equal(["BasicNack 1 False True"], calls);
    }

    /// <summary>A channel that notes what is asked of it.</summary>
    public class RecordedChannel : DispatchProxy
    {
        private readonly ConcurrentQueue<string> calls = [];
        private bool isOpen;

        internal static (ChannelContext Channel, ConcurrentQueue<string> Calls) Create(bool isOpen = true)
        {
            var channel = Create<ChannelContext, RecordedChannel>();
            var recorded = (RecordedChannel)(object)channel;
            recorded.isOpen = isOpen;
            return (channel, recorded.calls);
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name.StartsWith("Basic", StringComparison.Ordinal))
            {
                calls.Enqueue($"{targetMethod.Name} {string.Join(' ', args!)}");
            }

            return targetMethod.ReturnType switch
            {
                _ when targetMethod.Name == "BasicNack" && !isOpen =>
                    Task.FromException(new AlreadyClosedException(new ShutdownEventArgs(ShutdownInitiator.Peer, 320, "the broker goes"))),
                var type when type == typeof(Task) => Task.CompletedTask,
                { IsValueType: true } type => Activator.CreateInstance(type),
                _ => null,
            };
        }
    }
}
