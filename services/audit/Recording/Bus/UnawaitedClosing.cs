using System.Reflection;
using System.Runtime.ExceptionServices;
using RabbitMQ.Client;

namespace Mainstay.Audit.Recording.Bus;

/// <summary>
/// A channel whose closing is begun and not waited for. MassTransit closes a channel that it finds dead from within the handling of a delivery, and the closing
/// waits for all handlers to end: both would wait for ever, the connection's end would never be known, and nothing would be consumed until the process starts anew.
/// </summary>
internal class UnawaitedClosing : DispatchProxy
{
    private IChannel channel = null!;

    /// <summary>Puts this before a channel.</summary>
    public static IChannel Of(IChannel channel)
    {
        var proxy = Create<IChannel, UnawaitedClosing>();
        ((UnawaitedClosing)(object)proxy).channel = channel;
        return proxy;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        object? result;
        try
        {
            result = targetMethod!.Invoke(channel, args);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } cause)
        {
            ExceptionDispatchInfo.Throw(cause);
            throw;
        }

        return targetMethod.Name == nameof(IChannel.CloseAsync) ? Task.CompletedTask : result;
    }
}
