using System.Net;
using Grpc.Core;
using Grpc.Net.Internal;

namespace Grpc.Net.Client.Internal;

/// <summary>One attempt of a call: its request, its response, its deadline and how it ended.</summary>
internal sealed class GrpcCall<TRequest, TResponse> : IGrpcCall<TRequest, TResponse>
    where TRequest : class
    where TResponse : class
{
    private static readonly Status Cancelled = new(StatusCode.Cancelled, "Call canceled by the client.");

    private readonly GrpcChannel channel;
    private readonly Method<TRequest, TResponse> method;
    private readonly CallOptions options;
    private readonly string? host;
    private readonly string? encoding;
    private readonly int attempt;
    private readonly Action<StatusCode>? ended;
    private readonly CancellationTokenSource cancellation = new();
    private readonly CancellationTokenRegistration callerCancels;
    private readonly CancellationTokenRegistration channelCloses;
    private readonly TimeSpan? timeout;
    private readonly Timer? deadlineTimer;
    private readonly ResponseReader<TResponse> reader;
    private readonly Lock gate = new();
    private readonly TaskCompletionSource requestsComplete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<Stream> requestStream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<HttpResponseMessage>? responseTask;
    private Stream? responseStream;
    private CallOutcome? outcome;
    private bool hasWritten;

    public GrpcCall(GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options, int attempt = 1, Action<StatusCode>? ended = null)
    {
        this.channel = channel;
        this.method = method;
        this.host = host;
        this.options = options;
        this.attempt = attempt;
        this.ended = ended;
        encoding = RequestHeaders.EncodingOf(options.Headers);
        reader = new ResponseReader<TResponse>(channel, method.ResponseMarshaller);
        Responses = new ResponseStreamReader<TResponse>(this);
        callerCancels = options.CancellationToken.UnsafeRegister(static call => ((GrpcCall<TRequest, TResponse>)call!).Cancel(), this);
        channelCloses = channel.Closed.UnsafeRegister(static call => ((GrpcCall<TRequest, TResponse>)call!).Cancel(), this);
        if (HasEnded)
        {
            // Cancelled before it began.
            channelCloses.Unregister();
        }
        else if (options.Deadline is { } deadline && deadline != DateTime.MaxValue)
        {
            timeout = deadline.ToUniversalTime() - TimeProvider.System.GetUtcNow().UtcDateTime;
            if (timeout <= TimeSpan.Zero)
            {
                PassDeadline();
            }
            else if (GrpcProtocol.FitsTimer(timeout.Value))
            {
                deadlineTimer = new Timer(static call => ((GrpcCall<TRequest, TResponse>)call!).PassDeadline(), this, timeout.Value, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public IAsyncStreamReader<TResponse> Responses { get; }

    public CancellationToken CancellationToken => cancellation.Token;

    public Task<Metadata> HeadersAsync => field ??= Unobserved.Watch(ReadHeadersAsync());

    public bool HasEnded => Volatile.Read(ref outcome) is not null;

    /// <summary>Whether the call ended for another reason than the server's word.</summary>
    public bool HasFailedHere => Volatile.Read(ref outcome) is { IsAnswer: false };

    /// <summary>How the call failed; null while it goes on and when it went well.</summary>
    public CallOutcome? Failure => Volatile.Read(ref outcome) is { Status.StatusCode: not StatusCode.OK } failed ? failed : null;

    public void SendSingle(TRequest request) => Send(() =>
        new SingleRequestContent(RequestMessage.Write(request, method.RequestMarshaller, channel, options.WriteOptions?.Flags.HasFlag(WriteFlags.NoCompress) == true ? null : encoding)));

    public IClientStreamWriter<TRequest> SendStream()
    {
        Send(() => new StreamRequestContent(ServeRequestsAsync));
        return new RequestStreamWriter<TRequest>(WriteAsync, () => requestsComplete.TrySetResult()) { WriteOptions = options.WriteOptions };
    }

    /// <summary>Sends a request that outlives this attempt; ends, and never fails, with the response's headers or the call.</summary>
    public Task SendAsync(Func<GrpcCall<TRequest, TResponse>, HttpContent> content)
    {
        Send(() => content(this));
        return responseTask!.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public Task<TResponse> ReadSingleAsync() => Unobserved.Watch(ReadSingleCoreAsync());

    public async ValueTask<TResponse?> ReadNextAsync()
    {
        try
        {
            var response = await responseTask!.ConfigureAwait(false);
            if (!HasEnded)
            {
                responseStream ??= await response.Content.ReadAsStreamAsync(cancellation.Token).ConfigureAwait(false);
                if (await reader.ReadAsync(responseStream, ResponseStatus.Encoding(response), cancellation.Token).ConfigureAwait(false) is { } message)
                {
                    return message;
                }

                Finish(new CallOutcome(ResponseStatus.FromTrailers(response), ResponseStatus.Trailers(response), IsLocal: false, IsAnswer: true));
            }
        }
        catch (Exception exception)
        {
            Finish(Classify(exception));
        }

        return Failure is null ? null : throw EndedException();
    }

    public Status GetStatus() => outcome?.Status ?? throw new InvalidOperationException("Unable to get the status because the call is not complete.");

    public Metadata GetTrailers() => outcome?.Trailers ?? throw new InvalidOperationException("Can't get the call trailers because the call has not completed successfully.");

    public void Cancel() => Finish(new CallOutcome(Cancelled, [], IsLocal: true));

    public void Dispose() => Finish(new CallOutcome(new Status(StatusCode.Cancelled, "gRPC call disposed."), [], IsLocal: true));

    /// <summary>What callers get that use the call after its end.</summary>
    public Exception EndedException() => outcome switch
    {
        { IsLocal: true, Status: { StatusCode: StatusCode.Cancelled or StatusCode.DeadlineExceeded } status } when channel.Options.ThrowOperationCanceledOnCancellation =>
            new OperationCanceledException(status.Detail, new RpcException(status), options.CancellationToken),
        { } end => new RpcException(end.Status, end.Trailers),
        null => new InvalidOperationException("The call has not ended."),
    };

    private void Send(Func<HttpContent> content) => responseTask = Unobserved.Watch(SendAsync(content));

    private async Task<HttpResponseMessage> SendAsync(Func<HttpContent> content)
    {
        try
        {
            cancellation.Token.ThrowIfCancellationRequested();
            var request = new HttpRequestMessage(HttpMethod.Post, channel.RequestUri(method))
            {
                Version = channel.Options.HttpVersion ?? HttpVersion.Version20,
                VersionPolicy = channel.Options.HttpVersionPolicy ?? HttpVersionPolicy.RequestVersionExact,
                Content = content(),
            };
            var credentials = await CallCredentialsReader.ReadAsync(channel, options.Credentials, method, cancellation.Token).ConfigureAwait(false);
            RequestHeaders.Write(request, options.Headers, credentials, timeout, encoding, channel.AcceptEncoding, host, attempt);
            var response = channel.Invoker is HttpClient client
                ? await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation.Token).ConfigureAwait(false)
                : await channel.Invoker.SendAsync(request, cancellation.Token).ConfigureAwait(false);
            if (ResponseStatus.FromHeaders(response) is { } status)
            {
                Finish(new CallOutcome(status, ResponseStatus.TrailersOnly(response), IsLocal: false, IsAnswer: true));
            }

            return response;
        }
        catch (Exception exception)
        {
            Finish(Classify(exception));
            throw;
        }
    }

    private async Task<TResponse> ReadSingleCoreAsync()
    {
        var message = await ReadNextAsync().ConfigureAwait(false) ?? throw Fail("Failed to deserialize response message.");
        return await ReadNextAsync().ConfigureAwait(false) is null ? message : throw Fail("Additional data after the message received.");
    }

    private async Task<Metadata> ReadHeadersAsync()
    {
        try
        {
            var headers = ResponseStatus.Headers(await responseTask!.ConfigureAwait(false));
            if (attempt > 1)
            {
                headers.Add(RequestHeaders.PreviousAttempts, RequestHeaders.PreviousTo(attempt));
            }

            return headers;
        }
        catch (Exception exception)
        {
            Finish(Classify(exception));
            throw EndedException();
        }
    }

    private async Task ServeRequestsAsync(Stream stream)
    {
        // The headers go out at once: the server may answer before the first request.
        await stream.FlushAsync(cancellation.Token).ConfigureAwait(false);
        lock (gate)
        {
            if (!requestStream.TrySetResult(stream))
            {
                // The transport sends again what a server has refused; requests that were written are gone.
                requestStream = hasWritten
                    ? throw new IOException("The requests of the call cannot be sent a second time.")
                    : new TaskCompletionSource<Stream>(TaskCreationOptions.RunContinuationsAsynchronously);
                requestStream.SetResult(stream);
            }
        }

        await requestsComplete.Task.WaitAsync(cancellation.Token).ConfigureAwait(false);
    }

    private async Task WriteAsync(TRequest message, bool uncompressed, CancellationToken cancellationToken)
    {
        if (HasEnded)
        {
            throw EndedException();
        }

        using var registration = cancellationToken.UnsafeRegister(static call => ((GrpcCall<TRequest, TResponse>)call!).Cancel(), this);
        using var request = RequestMessage.Write(message, method.RequestMarshaller, channel, uncompressed ? null : encoding);
        try
        {
            var stream = await BeginWriteAsync().ConfigureAwait(false);
            await stream.WriteAsync(request.Wire, cancellation.Token).ConfigureAwait(false);
            await stream.FlushAsync(cancellation.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The server's word says more than the broken stream; it may be on its way.
            await ReadOutcomeAsync().ConfigureAwait(false);
            if (!HasEnded)
            {
                throw new RpcException(Classify(exception).Status);
            }

            // A request on its way when the server ended the call is as good as written: the response tells how the call ended.
            if (HasFailedHere)
            {
                throw EndedException();
            }
        }
    }

    private async Task<Stream> BeginWriteAsync()
    {
        await requestStream.Task.WaitAsync(cancellation.Token).ConfigureAwait(false);
        lock (gate)
        {
            hasWritten = true;
            return requestStream.Task.GetAwaiter().GetResult();
        }
    }

    private async Task ReadOutcomeAsync()
    {
        try
        {
            await responseTask!.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Finish(Classify(exception));
        }
    }

    private void PassDeadline() => Finish(new CallOutcome(new Status(StatusCode.DeadlineExceeded, ""), [], IsLocal: true));

    private void Finish(CallOutcome end)
    {
        if (Interlocked.CompareExchange(ref outcome, end, null) is not null)
        {
            return;
        }

        deadlineTimer?.Dispose();
        callerCancels.Unregister();
        channelCloses.Unregister();
        if (end.Status.StatusCode == StatusCode.OK)
        {
            requestsComplete.TrySetResult();
        }
        else
        {
            // Nobody reads on: the server learns of it, and the stream's share of the connection is freed. The requests are broken off and never completed: the server would
            // take those that it has for all.
            cancellation.Cancel();
            _ = ReleaseAsync();
        }

        GrpcCallLog.Ended(channel.Logger, method.FullName, end.Status.StatusCode);
        ended?.Invoke(end.Status.StatusCode);
    }

    private async Task ReleaseAsync()
    {
        try
        {
            if (responseTask is { } sent)
            {
                (await sent.ConfigureAwait(false)).Dispose();
            }
        }
        catch (Exception)
        {
            // Without a response there is nothing to release; how the call ended is known already.
        }
    }

    private static CallOutcome Classify(Exception exception) => exception is RpcException rpc
        ? new CallOutcome(rpc.Status, rpc.Trailers, IsLocal: true)
        : new CallOutcome(TransportFailure.ToStatus(exception), [], IsLocal: false);

    private RpcException Fail(string message)
    {
        var failed = new CallOutcome(new Status(StatusCode.Internal, message), outcome?.Trailers ?? [], IsLocal: true);
        Finish(failed);
        Volatile.Write(ref outcome, failed);
        return new RpcException(failed.Status, failed.Trailers);
    }
}
