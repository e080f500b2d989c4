using System.IO.Compression;
using Grpc.Net.Compression;

namespace Grpc.AspNetCore.Server;

/// <summary>How services are served.</summary>
public class GrpcServiceOptions
{
    internal const int DefaultMaxReceiveMessageSize = 4 * 1024 * 1024;

    private int? maxReceiveMessageSize;
    private int? maxSendMessageSize;

    internal bool MaxReceiveMessageSizeSpecified { get; set; }

    internal bool MaxSendMessageSizeSpecified { get; set; }

    /// <summary>The longest request in bytes; null for no limit. Default 4 MiB.</summary>
    public int? MaxReceiveMessageSize
    {
        get => maxReceiveMessageSize;
        set
        {
            maxReceiveMessageSize = value;
            MaxReceiveMessageSizeSpecified = true;
        }
    }

    /// <summary>The longest response in bytes; null for no limit, the default.</summary>
    public int? MaxSendMessageSize
    {
        get => maxSendMessageSize;
        set
        {
            maxSendMessageSize = value;
            MaxSendMessageSizeSpecified = true;
        }
    }

    /// <summary>Whether exceptions' messages reach the caller. Default false.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>Whether a call to an unknown service is answered with UNIMPLEMENTED by gRPC. Default true.</summary>
    public bool? IgnoreUnknownServices { get; set; }

    /// <summary>The encoding of responses, for callers that accept it; null for none.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    /// <summary>How hard responses are compressed.</summary>
    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>The encodings that are understood; gzip unless set.</summary>
    public IList<ICompressionProvider> CompressionProviders { get; set; } = [];

    /// <summary>What stands before the handlers, in order.</summary>
    public InterceptorCollection Interceptors { get; } = [];
}

/// <summary>How one service is served; what is not set is taken from <see cref="GrpcServiceOptions"/>.</summary>
public class GrpcServiceOptions<TService> : GrpcServiceOptions
    where TService : class;
