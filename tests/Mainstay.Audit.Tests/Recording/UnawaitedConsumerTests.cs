using System.Reflection;
using Mainstay.Audit.Recording;
using RabbitMQ.Client;

namespace Mainstay.Audit.Tests.Recording;

public sealed class UnawaitedConsumerTests
{
    [Fact]
    public async Task HandleBasicDeliver_ConsumerIsNotDone_EndsAndLeavesItBytesOfItsOwn()
    {
        var consumer = DispatchProxy.Create<IAsyncBasicConsumer, NeverDone>();
        byte[] lent = [1, 2, 3];

        await new UnawaitedConsumer(consumer).HandleBasicDeliverAsync("tag", 7, false, "", "", new BasicProperties(), lent, TestContext.Current.CancellationToken);
        lent[0] = 9;

        Assert.Equal(7UL, ((NeverDone)(object)consumer).Tag);
        Assert.Equal([1, 2, 3], ((NeverDone)(object)consumer).Body.ToArray());
    }

    /// <summary>A consumer that keeps each delivery for ever.</summary>
    public class NeverDone : DispatchProxy
    {
        /// <summary>The delivery's tag.</summary>
        public ulong Tag { get; private set; }

        /// <summary>The delivery's bytes.</summary>
        public ReadOnlyMemory<byte> Body { get; private set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Tag = (ulong)args![1]!;
            Body = (ReadOnlyMemory<byte>)args[6]!;
            return new TaskCompletionSource().Task;
        }
    }
}
