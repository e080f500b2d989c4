using System.Collections.Concurrent;
using System.Reflection;
using Mainstay.Audit.Recording.Bus;
using Mainstay.Testing;
using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Mainstay.Audit.Tests.Recording.Bus;

public sealed class GatheredAcksTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BasicAck_TagsWithAGap_AcknowledgesUpToTheGapUntilItCloses()
    {
        var (channel, calls) = RecordedChannel.Create();
        var gathered = Expecting(channel, 1, 1, 1, 3);

        await gathered.BasicAck(2, false);
        await gathered.BasicAck(1, false);
        await gathered.BasicAck(6, false);
        await Eventually.TrueAsync(() => calls.Contains("BasicAck 2 True"), Cancellation);
        await gathered.BasicAck(3, false);
        await Eventually.TrueAsync(() => calls.Contains("BasicAck 6 True"), Cancellation);

        Assert.Equal(["BasicAck 2 True", "BasicAck 6 True"], calls);
    }

    [Fact]
    public async Task BasicNack_SeveralTogether_RejectsEachAndAcknowledgesNoneOfThem()
    {
        var (channel, calls) = RecordedChannel.Create();
        var gathered = Expecting(channel, 1, 2);

        await gathered.BasicAck(1, false);
        await gathered.BasicNack(3, false, true);
        await gathered.BasicCancel("tag");

        Assert.Equal(["BasicAck 1 True", "BasicCancel tag", "BasicNack 2 False True", "BasicNack 3 False True"], calls.Order(StringComparer.Ordinal));
        Assert.Equal("BasicCancel tag", calls.Last());
    }

    [Fact]
    public async Task BasicNack_ChannelIsGone_EndsWithoutAnError()
    {
        var (channel, calls) = RecordedChannel.Create(isOpen: false);
        var gathered = Expecting(channel, 1);

        await gathered.BasicNack(1, false, true);

        Assert.Equal(["BasicNack 1 False True"], calls);
    }

    private static ChannelContext Expecting(ChannelContext channel, params int[] counts)
    {
        var gathered = new GatheredAcks(channel);
        for (var i = 0; i < counts.Length; i++)
        {
            gathered.Expect((ulong)counts.Take(i + 1).Sum(), counts[i]);
        }

        return gathered;
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
