using Grpc.Core;

namespace Grpc.Net.Client.Internal.Retry;

/// <summary>A call that is tried again while its policy allows: attempts one after another, until one has the server's answer.</summary>
internal sealed class RetryingCall<TRequest, TResponse> : IGrpcCall<TRequest, TResponse>
    where TRequest : class
    where TResponse : class
{
    private readonly GrpcChannel channel;
    private readonly Method<TRequest, TResponse> method;
    private readonly string? host;
    private readonly CallOptions options;
    private readonly RetrySettings settings;
    private readonly RetryBackoff backoff;
    private readonly SentRequests requests;
    private readonly CancellationTokenSource disposed = new();
    private readonly TaskCompletionSource<GrpcCall<TRequest, TResponse>> committed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GrpcCall<TRequest, TResponse>? current;

    public RetryingCall(GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options, RetrySettings settings)
    {
        this.channel = channel;
        this.method = method;
        this.host = host;
        this.options = options;
        this.settings = settings;
        backoff = new RetryBackoff(settings);
        requests = new SentRequests(channel);
        Responses = new ResponseStreamReader<TResponse>(this);
    }

    public IAsyncStreamReader<TResponse> Responses { get; }

    public Task<Metadata> HeadersAsync => field ??= Unobserved.Watch(ReadHeadersAsync());

    public void SendSingle(TRequest request)
    {
        byte[]? wire = null;
        _ = RunAsync(_ => new WrittenRequestContent(wire ??= Serialize(request, options.WriteOptions?.Flags.HasFlag(WriteFlags.NoCompress) == true)));
    }

    public IClientStreamWriter<TRequest> SendStream()
    {
        _ = RunAsync(call => new StreamRequestContent(stream => requests.WriteAllAsync(stream, call.CancellationToken)));
        return new RequestStreamWriter<TRequest>(WriteAsync, requests.Complete) { WriteOptions = options.WriteOptions };
    }

    public async Task<TResponse> ReadSingleAsync() => await (await committed.Task.ConfigureAwait(false)).ReadSingleAsync().ConfigureAwait(false);

    public async ValueTask<TResponse?> ReadNextAsync() => await (await committed.Task.ConfigureAwait(false)).ReadNextAsync().ConfigureAwait(false);

    public Status GetStatus() => committed.Task is { IsCompletedSuccessfully: true } task
        ? GetCommitted(task).GetStatus()
        : throw new InvalidOperationException("Unable to get the status because the call is not complete.");

    public Metadata GetTrailers() => committed.Task is { IsCompletedSuccessfully: true } task
        ? GetCommitted(task).GetTrailers()
        : throw new InvalidOperationException("Can't get the call trailers because the call has not completed successfully.");

    public void Cancel()
    {
        disposed.Cancel();
        Volatile.Read(ref current)?.Cancel();
    }

    public void Dispose()
    {
        disposed.Cancel();
        Volatile.Read(ref current)?.Dispose();
    }

    private static GrpcCall<TRequest, TResponse> GetCommitted(Task<GrpcCall<TRequest, TResponse>> task) => task.GetAwaiter().GetResult();

    private async Task<Metadata> ReadHeadersAsync() => await (await committed.Task.ConfigureAwait(false)).HeadersAsync.ConfigureAwait(false);

    private async Task RunAsync(Func<GrpcCall<TRequest, TResponse>, HttpContent> content)
    {
        for (var attempt = 1; ; attempt++)
        {
            var call = new GrpcCall<TRequest, TResponse>(channel, method, host, options, attempt, Record);
            Volatile.Write(ref current, call);
            if (disposed.IsCancellationRequested)
            {
                call.Cancel();
            }

            await call.SendAsync(content).ConfigureAwait(false);
            if (WaitBefore(call, attempt) is not { } wait)
            {
                Commit(call);
                return;
            }

            GrpcCallLog.Retrying(channel.Logger, method.FullName, call.GetStatus().StatusCode, attempt);
            call.Dispose();
            await WaitAsync(wait).ConfigureAwait(false);
        }
    }

    /// <summary>How long to wait before another attempt; null when this one is the call's last.</summary>
    private TimeSpan? WaitBefore(GrpcCall<TRequest, TResponse> call, int attempt)
    {
        if (call.Failure is not { IsLocal: false } failure || !requests.AreKept)
        {
            return null;
        }

        var retryable = settings.RetryableStatusCodes.Contains(failure.Status.StatusCode);
        var wait = retryable ? backoff.Next(failure.Trailers) : null;
        return attempt < settings.MaxAttempts && channel.RetryThrottling?.IsActive != true ? wait : null;
    }

    // A cancelled wait is followed by an attempt that fails at once, with the right status.
    private async Task WaitAsync(TimeSpan wait)
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken, disposed.Token, channel.Closed);
        var left = options.Deadline is { } deadline && deadline != DateTime.MaxValue
            ? deadline.ToUniversalTime() - TimeProvider.System.GetUtcNow().UtcDateTime
            : TimeSpan.MaxValue;
        var shorter = left < wait ? left : wait;
        await Task.Delay(shorter > TimeSpan.Zero ? shorter : TimeSpan.Zero, TimeProvider.System, cancelled.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Record(StatusCode code)
    {
        if (code == StatusCode.OK)
        {
            channel.RetryThrottling?.Succeeded();
        }
        else if (settings.RetryableStatusCodes.Contains(code))
        {
            channel.RetryThrottling?.Failed();
        }

        if (committed.Task.IsCompleted)
        {
            Close(GetCommitted(committed.Task));
        }
    }

    private void Commit(GrpcCall<TRequest, TResponse> call)
    {
        requests.Release();
        committed.SetResult(call);
        if (call.HasEnded)
        {
            Close(call);
        }
    }

    private void Close(GrpcCall<TRequest, TResponse> call) => requests.Close(call.EndedException(), refusePending: call.HasFailedHere);

    private async Task WriteAsync(TRequest message, bool uncompressed, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static call => ((RetryingCall<TRequest, TResponse>)call!).Cancel(), this);
        await requests.Add(Serialize(message, uncompressed)).ConfigureAwait(false);
    }

    private byte[] Serialize(TRequest message, bool uncompressed)
    {
        using var request = RequestMessage.Write(message, method.RequestMarshaller, channel, uncompressed ? null : RequestHeaders.EncodingOf(options.Headers));
        return request.Wire.ToArray();
    }
}
