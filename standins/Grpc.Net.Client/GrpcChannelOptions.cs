using Grpc.Core;
using Grpc.Net.Client.Configuration;
using Grpc.Net.Compression;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client;

/// <summary>How a channel calls.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>Credentials; by the address's scheme unless set.</summary>
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>The longest request in bytes; null for no limit, the default.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>The longest response in bytes; null for no limit. Default 4 MiB.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>The encodings that are understood; gzip unless set.</summary>
    public IList<ICompressionProvider>? CompressionProviders { get; set; }

    /// <summary>Where the channel logs.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>The client that sends; its handler is shared, not owned, unless <see cref="DisposeHttpClient"/>.</summary>
    public HttpClient? HttpClient { get; set; }

    /// <summary>The handler that sends, instead of <see cref="HttpClient"/>.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Whether the channel disposes of the client or handler that it was given. Default false.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>Whether a cancelled call throws OperationCanceledException rather than RpcException. Default false.</summary>
    public bool ThrowOperationCanceledOnCancellation { get; set; }

    /// <summary>Whether call credentials may be sent without TLS. Default false.</summary>
    public bool UnsafeUseInsecureChannelCallCredentials { get; set; }

    /// <summary>How often any call is tried at most, whatever its retry policy says; null for no limit. Default 5.</summary>
    public int? MaxRetryAttempts { get; set; } = 5;

    /// <summary>How many bytes of requests all calls together keep for retries; null for no limit. Default 16 MiB.</summary>
    public long? MaxRetryBufferSize { get; set; } = 16 * 1024 * 1024;

    /// <summary>How many bytes of requests one call keeps for retries; a longer one is not tried again; null for no limit. Default 1 MiB.</summary>
    public long? MaxRetryBufferPerCallSize { get; set; } = 1024 * 1024;

    /// <summary>Which calls may be tried again, and when; null for none.</summary>
    public ServiceConfig? ServiceConfig { get; set; }

    /// <summary>Services that extensions use.</summary>
    public IServiceProvider? ServiceProvider { get; set; }

    /// <summary>The HTTP version of requests; 2 unless set.</summary>
    public Version? HttpVersion { get; set; }

    /// <summary>Which other versions will do; exactly the version unless set.</summary>
    public HttpVersionPolicy? HttpVersionPolicy { get; set; }
}
