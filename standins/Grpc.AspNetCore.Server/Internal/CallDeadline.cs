using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Ends a call's response when its time is up, though its handler may go on.</summary>
internal sealed class CallDeadline : IDisposable
{
    private const int NoError = 0;

    private readonly HttpContext httpContext;
    private readonly CancellationTokenSource source;
    private readonly TimeSpan timeout;
    private readonly ITimer timer;
    private readonly Lock gate = new();
    private readonly TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool writing;
    private bool ended;
    private volatile bool passed;

    public CallDeadline(HttpContext httpContext, TimeSpan timeout, TimeProvider clock)
    {
        this.httpContext = httpContext;
        source = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted);
        Token = source.Token;
        this.timeout = timeout;
        timer = clock.CreateTimer(static deadline => _ = ((CallDeadline)deadline!).PassAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled when the caller goes away or the time is up.</summary>
    public CancellationToken Token { get; }

    public bool HasPassed => passed;

    public static Status Exceeded { get; } = new(StatusCode.DeadlineExceeded, "Deadline Exceeded");

    /// <summary>Lets the time run, once the response is prepared.</summary>
    public void Start() => timer.Change(timeout, Timeout.InfiniteTimeSpan);

    /// <summary>Keeps the deadline from ending the response within a message; false when it has ended it.</summary>
    public bool TryBeginWrite()
    {
        lock (gate)
        {
            return writing = !ended && !passed;
        }
    }

    /// <summary>Ends a write, and the response if its time was up meanwhile.</summary>
    public Task EndWriteAsync()
    {
        lock (gate)
        {
            writing = false;
            if (ended || !passed)
            {
                return Task.CompletedTask;
            }

            ended = true;
        }

        return SendAsync();
    }

    /// <summary>Leaves the end of the response to the handler; false, once the status is sent, when the deadline came before it.</summary>
    public async ValueTask<bool> TryEndAsync()
    {
        lock (gate)
        {
            if (!ended)
            {
                return ended = true;
            }
        }

        await sent.Task;
        return false;
    }

    public void Dispose()
    {
        timer.Dispose();
        source.Dispose();
    }

    private async Task PassAsync()
    {
        bool sends;
        lock (gate)
        {
            if (ended)
            {
                return;
            }

            passed = true;
            ended = sends = !writing;
        }

        // A writer that waits for the caller's window is let go by the token, and sends the status itself.
        var cancelling = CancelAsync();
        if (sends)
        {
            await SendAsync();
        }

        await cancelling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // In a task of its own, so that what a handler hangs on its token fails there alone.
    private async Task CancelAsync() => await source.CancelAsync();

    private async Task SendAsync()
    {
        try
        {
            if (!httpContext.RequestAborted.IsCancellationRequested)
            {
                ResponseStatus.Write(httpContext.Response, Exceeded, trailers: null);
                await httpContext.Response.CompleteAsync();

                // What the caller still sends is not wanted any more.
                httpContext.Features.Get<IHttpResetFeature>()?.Reset(NoError);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The caller is gone; there is nobody to tell.
        }
        finally
        {
            sent.TrySetResult();
        }
    }
}
