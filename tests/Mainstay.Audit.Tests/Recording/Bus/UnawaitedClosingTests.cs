using System.Reflection;
using Mainstay.Audit.Recording.Bus;
using RabbitMQ.Client;

namespace Mainstay.Audit.Tests.Recording.Bus;

public sealed class UnawaitedClosingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CloseAsync_WaitsForTheDeliveryThatAsksForIt_IsBegunAndEndsAtOnce()
    {
        var channel = DispatchProxy.Create<IChannel, NeverClosed>();
        var closing = UnawaitedClosing.Of(channel);

        await closing.CloseAsync(200, "dead", abort: false, Cancellation);

        Assert.True(((NeverClosed)(object)channel).IsAskedToClose);
        Assert.Equal(7, closing.ChannelNumber);
    }

    /// <summary>A channel whose closing waits for ever.</summary>
    public class NeverClosed : DispatchProxy
    {
        /// <summary>Whether its closing was begun.</summary>
        public bool IsAskedToClose { get; private set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            IsAskedToClose |= targetMethod!.Name == "CloseAsync";
            return targetMethod.Name switch
            {
                "CloseAsync" => new TaskCompletionSource().Task,
                "get_ChannelNumber" => 7,
                _ => throw new NotSupportedException(targetMethod.Name),
            };
        }
    }
}
