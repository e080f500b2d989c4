using System.Net;
using Grpc.Core;
using Grpc.Net.Internal;

namespace Grpc.Net.Client.Internal;

/// <summary>One call: its request, its response, its deadline and how it ended.</summary>
internal sealed class GrpcCall<TRequest, TResponse> : IDisposable
    where TRequest : class
    where TResponse : class
{
    private readonly GrpcChannel channel;
    private readonly Method<TRequest, TResponse> method;
    private readonly CallOptions options;
    private readonly string? host;
    private readonly string? encoding;
    private readonly CancellationTokenSource cancellation;
    private readonly Timer? deadlineTimer;
    private readonly ResponseReader<TResponse> reader;
    private readonly Lock gate = new();
    private readonly TaskCompletionSource<Stream> requestStream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource requestsComplete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<HttpResponseMessage>? responseTask;
    private Task<Metadata>? headersTask;
    private Stream? responseStream;
    private (Status Status, Metadata Trailers)? outcome;
    private volatile bool deadlinePassed;

    public GrpcCall(GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        this.channel = channel;
        this.method = method;
        this.host = host;
        this.options = options;
        encoding = options.Headers?.GetValue(RequestHeaders.RequestEncoding);
        reader = new ResponseReader<TResponse>(channel, method.ResponseMarshaller);
        cancellation = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken, channel.Closed);
        Responses = new ResponseStreamReader<TRequest, TResponse>(this);
        if (options.Deadline is { } deadline && deadline != DateTime.MaxValue)
        {
            Timeout = deadline.ToUniversalTime() - TimeProvider.System.GetUtcNow().UtcDateTime;
            if (GrpcProtocol.FitsTimer(Timeout.Value))
            {
                deadlineTimer = new Timer(static call => ((GrpcCall<TRequest, TResponse>)call!).PassDeadline(), this, Timeout.Value > TimeSpan.Zero ? Timeout.Value : TimeSpan.Zero, System.Threading.Timeout.InfiniteTimeSpan);
            }
        }
    }

    public IAsyncStreamReader<TResponse> Responses { get; }

    public TimeSpan? Timeout { get; }

    public Task<Metadata> HeadersAsync => headersTask ??= Observe(ReadHeadersAsync());

    public CancellationToken CancellationToken => cancellation.Token;

    public void SendSingle(TRequest request) => responseTask = Observe(SendAsync(() =>
        new SingleRequestContent(RequestMessage.Write(request, method.RequestMarshaller, channel, options.WriteOptions?.Flags.HasFlag(WriteFlags.NoCompress) == true ? null : encoding))));

    public IClientStreamWriter<TRequest> SendStream()
    {
        responseTask = Observe(SendAsync(() => new StreamRequestContent(ServeRequestsAsync)));
        return new RequestStreamWriter<TRequest>(WriteAsync, () => requestsComplete.TrySetResult()) { WriteOptions = options.WriteOptions };
    }

    public Task<TResponse> ReadSingleAsync() => Observe(ReadSingleCoreAsync());

    /// <summary>Reads the next response; null once the call has ended well, an exception when it has not.</summary>
    public async ValueTask<TResponse?> ReadNextAsync()
    {
        try
        {
            var response = await responseTask!.ConfigureAwait(false);
            if (outcome is null)
            {
                responseStream ??= await response.Content.ReadAsStreamAsync(cancellation.Token).ConfigureAwait(false);
                if (await reader.ReadAsync(responseStream, ResponseEncoding(response), cancellation.Token).ConfigureAwait(false) is { } message)
                {
                    return message;
                }

                Finish(ResponseStatus.FromTrailers(response), ResponseStatus.Trailers(response));
            }
        }
        catch (Exception exception) when (exception is not RpcException || outcome is null)
        {
            Finish(Classify(exception), []);
        }

        ThrowUnlessOk();
        return null;
    }

    public Status GetStatus() => outcome?.Status ?? throw new InvalidOperationException("Unable to get the status because the call is not complete.");

    public Metadata GetTrailers() => outcome?.Trailers ?? throw new InvalidOperationException("Can't get the call trailers because the call has not completed successfully.");

    /// <summary>Ends the call when the caller's own token for a read is cancelled.</summary>
    public void Cancel()
    {
        if (outcome is null)
        {
            cancellation.Cancel();
        }
    }

    public void Dispose()
    {
        Cancel();
        Finish(new Status(StatusCode.Cancelled, "gRPC call disposed."), []);
        if (responseTask is { IsCompletedSuccessfully: true })
        {
            _ = DisposeResponseAsync(responseTask);
        }
    }

    private static async Task DisposeResponseAsync(Task<HttpResponseMessage> task) => (await task.ConfigureAwait(false)).Dispose();

    private async Task<TResponse> ReadSingleCoreAsync()
    {
        var message = await ReadNextAsync().ConfigureAwait(false);
        if (message is null)
        {
            Fail(new Status(StatusCode.Internal, "Failed to deserialize response message."));
        }

        if (await ReadNextAsync().ConfigureAwait(false) is not null)
        {
            Fail(new Status(StatusCode.Internal, "Additional data after the message received."));
        }

        return message!;
    }

    private async Task<Metadata> ReadHeadersAsync()
    {
        try
        {
            return ResponseStatus.Headers(await responseTask!.ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            Finish(Classify(exception), []);
            ThrowUnlessOk();
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Func<HttpContent> content)
    {
        // A deadline that has passed already needs no request.
        if (Timeout <= TimeSpan.Zero)
        {
            PassDeadline();
        }

        cancellation.Token.ThrowIfCancellationRequested();
        var request = new HttpRequestMessage(HttpMethod.Post, channel.RequestUri(method))
        {
            Version = channel.Options.HttpVersion ?? HttpVersion.Version20,
            VersionPolicy = channel.Options.HttpVersionPolicy ?? HttpVersionPolicy.RequestVersionExact,
            Content = content(),
        };
        var credentials = await CallCredentialsReader.ReadAsync(channel, options.Credentials, method, cancellation.Token).ConfigureAwait(false);
        RequestHeaders.Write(request, options.Headers, credentials, Timeout, encoding, channel.AcceptEncoding, host);
        var response = channel.Invoker is HttpClient client
            ? await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation.Token).ConfigureAwait(false)
            : await channel.Invoker.SendAsync(request, cancellation.Token).ConfigureAwait(false);
        if (ResponseStatus.FromHeaders(response) is { } status)
        {
            Finish(status, ResponseStatus.TrailersOnly(response));
        }

        return response;
    }

    private async Task ServeRequestsAsync(Stream stream)
    {
        // The headers go out at once: the server may answer before the first request.
        await stream.FlushAsync(cancellation.Token).ConfigureAwait(false);
        requestStream.TrySetResult(stream);
        await requestsComplete.Task.WaitAsync(cancellation.Token).ConfigureAwait(false);
    }

    private async Task WriteAsync(TRequest message, bool uncompressed, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static call => ((GrpcCall<TRequest, TResponse>)call!).Cancel(), this);
        try
        {
            var stream = await requestStream.Task.WaitAsync(cancellation.Token).ConfigureAwait(false);
            using var request = RequestMessage.Write(message, method.RequestMarshaller, channel, uncompressed ? null : encoding);
            await stream.WriteAsync(request.Wire, cancellation.Token).ConfigureAwait(false);
            await stream.FlushAsync(cancellation.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            // The call may have ended by the server's word, which says more than the broken stream.
            var status = outcome?.Status is { StatusCode: not StatusCode.OK } ended ? ended : Classify(exception);
            throw Exception(status, outcome?.Trailers ?? []);
        }
    }

    private void PassDeadline()
    {
        deadlinePassed = true;
        cancellation.Cancel();
    }

    private void Finish(Status status, Metadata trailers)
    {
        lock (gate)
        {
            if (outcome is not null)
            {
                return;
            }

            outcome = (status, trailers);
        }

        deadlineTimer?.Dispose();

        // Writers that wait for the transport are let go; a request that is still being sent has no reader any more.
        if (status.StatusCode != StatusCode.OK || !requestsComplete.Task.IsCompleted)
        {
            requestsComplete.TrySetResult();
        }

        GrpcCallLog.Ended(channel.Logger, method.FullName, status.StatusCode);
    }

    private Status Classify(Exception exception) =>
        deadlinePassed ? new Status(StatusCode.DeadlineExceeded, "", exception)
        : exception is RpcException rpc ? rpc.Status
        : cancellation.IsCancellationRequested ? new Status(StatusCode.Cancelled, "Call canceled by the client.", exception)
        : TransportFailure.ToStatus(exception);

    private void Fail(Status status)
    {
        lock (gate)
        {
            outcome = (status, outcome?.Trailers ?? []);
        }

        throw Exception(status, outcome.Value.Trailers);
    }

    private void ThrowUnlessOk()
    {
        if (outcome is { Status: { StatusCode: not StatusCode.OK } status, Trailers: var trailers })
        {
            throw Exception(status, trailers);
        }
    }

    private Exception Exception(Status status, Metadata trailers) =>
        channel.Options.ThrowOperationCanceledOnCancellation && status.StatusCode is (StatusCode.Cancelled or StatusCode.DeadlineExceeded) && cancellation.IsCancellationRequested
            ? new OperationCanceledException(status.Detail, new RpcException(status, trailers), options.CancellationToken)
            : new RpcException(status, trailers);

    private static string? ResponseEncoding(HttpResponseMessage response) =>
        response.Headers.TryGetValues(GrpcProtocol.EncodingHeader, out var values) ? values.FirstOrDefault() : null;

    // A caller need not await every task of a call; none of them may surface as unobserved.
    private static Task<T> Observe<T>(Task<T> task)
    {
        _ = task.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;
    }
}
