namespace Temporalio.Client;

/// <summary>How to reach a server.</summary>
public class TemporalConnectionOptions : ICloneable
{
    public TemporalConnectionOptions()
    {
    }

    public TemporalConnectionOptions(string targetHost) => TargetHost = targetHost;

    /// <summary>Host and port, without a scheme.</summary>
    public string? TargetHost { get; set; }

    /// <summary>TLS; on by default when an API key is set, off otherwise.</summary>
    public TlsOptions? Tls { get; set; }

    public RpcRetryOptions? RpcRetry { get; set; }

    public KeepAliveOptions? KeepAlive { get; set; } = new();

    /// <summary>Metadata sent with every call.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>>? RpcMetadata { get; set; }

    public IReadOnlyCollection<KeyValuePair<string, byte[]>>? RpcBinaryMetadata { get; set; }

    /// <summary>Sent as a bearer token with every call.</summary>
    public string? ApiKey { get; set; }

    /// <summary>From which sizes on workers warn of what they send.</summary>
    public PayloadLimitsOptions? PayloadLimits { get; set; } = new();

    /// <summary>Where metrics go; <see cref="Runtime.TemporalRuntime.Default" /> unless set.</summary>
    public Runtime.TemporalRuntime? Runtime { get; set; }

    /// <summary>Who the server records as the caller; process id and host name by default.</summary>
    public string? Identity { get; set; }

    public virtual object Clone()
    {
        var copy = (TemporalConnectionOptions)MemberwiseClone();
        copy.Tls = (TlsOptions?)Tls?.Clone();
        copy.RpcRetry = (RpcRetryOptions?)RpcRetry?.Clone();
        copy.KeepAlive = (KeepAliveOptions?)KeepAlive?.Clone();
        copy.PayloadLimits = (PayloadLimitsOptions?)PayloadLimits?.Clone();
        return copy;
    }
}

/// <summary>How to reach a server, and how the client works with it.</summary>
public class TemporalClientConnectOptions : TemporalConnectionOptions
{
    public TemporalClientConnectOptions()
    {
    }

    public TemporalClientConnectOptions(string targetHost)
        : base(targetHost)
    {
    }

    public string Namespace { get; set; } = "default";

    public DataConverter DataConverter { get; set; } = DataConverter.Default;

    public IReadOnlyCollection<Interceptors.IClientInterceptor>? Interceptors { get; set; }

    /// <summary>Change the options and surround the connecting; each is called in this order.</summary>
    public IReadOnlyCollection<ITemporalClientPlugin>? Plugins { get; set; }

    public ILoggerFactory LoggerFactory { get; set; } = Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance;

    public QueryRejectCondition? QueryRejectCondition { get; set; }

    public TemporalClientOptions ToClientOptions() => new()
    {
        Namespace = Namespace,
        DataConverter = DataConverter,
        Interceptors = Interceptors,
        Plugins = Plugins,
        LoggerFactory = LoggerFactory,
        QueryRejectCondition = QueryRejectCondition,
    };
}

/// <summary>How a client works with its connection.</summary>
public class TemporalClientOptions : ICloneable
{
    public string Namespace { get; set; } = "default";

    public DataConverter DataConverter { get; set; } = DataConverter.Default;

    public IReadOnlyCollection<Interceptors.IClientInterceptor>? Interceptors { get; set; }

    /// <summary>Change the options and surround the connecting; each is called in this order.</summary>
    public IReadOnlyCollection<ITemporalClientPlugin>? Plugins { get; set; }

    public ILoggerFactory LoggerFactory { get; set; } = Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance;

    public QueryRejectCondition? QueryRejectCondition { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
