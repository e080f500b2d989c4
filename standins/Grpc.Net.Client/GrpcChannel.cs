using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Net.Client.Internal;
using Grpc.Net.Client.Internal.Retry;
using Grpc.Net.Compression;
using Grpc.Net.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grpc.Net.Client;

/// <summary>A channel to a server; expensive to make, cheap to share, safe for use by many threads.</summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly ConcurrentDictionary<IMethod, Uri> requestUris = [];
    private readonly bool disposeInvoker;
    private readonly CancellationTokenSource closed = new();
    private int disposed;

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        if (options.HttpClient is not null && options.HttpHandler is not null)
        {
            throw new ArgumentException($"{nameof(GrpcChannelOptions.HttpClient)} and {nameof(GrpcChannelOptions.HttpHandler)} have been configured. Only one HTTP caller can be specified.");
        }

        Address = address;
        Options = options;
        Credentials = ChannelSecurity.Read(options.Credentials, address, options.UnsafeUseInsecureChannelCallCredentials);
        disposeInvoker = options.DisposeHttpClient || (options.HttpClient is null && options.HttpHandler is null);
        Invoker = (HttpMessageInvoker?)options.HttpClient ?? new HttpMessageInvoker(options.HttpHandler ?? ChannelSecurity.CreateHandler(), disposeInvoker);
        Compressions = MessageCompression.ByName(options.CompressionProviders is { Count: > 0 } given ? given : null);
        AcceptEncoding = string.Join(',', Compressions.Keys.Prepend(GrpcProtocol.Identity));
        RetryPolicies = new RetryPolicies(options.ServiceConfig, options.MaxRetryAttempts);
        RetryThrottling = RetryThrottling.Create(options.ServiceConfig?.RetryThrottling);
        RetryBuffer = new RetryBuffer(options.MaxRetryBufferSize);
        Logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("Grpc.Net.Client.Internal.GrpcCall");
    }

    internal Uri Address { get; }

    internal GrpcChannelOptions Options { get; }

    internal ChannelSecurity Credentials { get; }

    internal HttpMessageInvoker Invoker { get; }

    internal IReadOnlyDictionary<string, ICompressionProvider> Compressions { get; }

    internal string AcceptEncoding { get; }

    internal RetryPolicies RetryPolicies { get; }

    internal RetryThrottling? RetryThrottling { get; }

    internal RetryBuffer RetryBuffer { get; }

    internal ILogger Logger { get; }

    internal CancellationToken Closed => closed.Token;

    internal bool IsDisposed => Volatile.Read(ref disposed) == 1;

    /// <summary>A channel to an address such as "http://localhost:5000".</summary>
    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>A channel to an address such as "http://localhost:5000".</summary>
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions) => ForAddress(new Uri(address), channelOptions);

    /// <summary>A channel to an address.</summary>
    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>A channel to an address.</summary>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        return new GrpcChannel(address, channelOptions);
    }

    /// <inheritdoc />
    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new HttpClientCallInvoker(this);
    }

    /// <summary>Ends every call under way and closes the connections that the channel owns.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
        {
            return;
        }

        closed.Cancel();
        if (disposeInvoker)
        {
            Invoker.Dispose();
        }
    }

    internal Uri RequestUri(IMethod method) =>
        requestUris.GetOrAdd(method, static (m, address) => new Uri(address, m.FullName), Address);

    /// <inheritdoc />
    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }
}
