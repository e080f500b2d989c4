namespace Temporalio.Client;

/// <summary>TLS of a connection.</summary>
public class TlsOptions : ICloneable
{
    /// <summary>PEM of the authority that signed the server's certificate; the system's by default.</summary>
    public byte[]? ServerRootCACert { get; set; }

    /// <summary>The name that the server's certificate must carry; the host by default.</summary>
    public string? Domain { get; set; }

    /// <summary>PEM of the client's certificate, for mutual TLS.</summary>
    public byte[]? ClientCert { get; set; }

    /// <summary>PEM of the client's private key, for mutual TLS.</summary>
    public byte[]? ClientPrivateKey { get; set; }

    public bool Disabled { get; set; }

    public virtual object Clone() => MemberwiseClone();
}

/// <summary>HTTP/2 keep-alive.</summary>
public class KeepAliveOptions : ICloneable
{
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    public virtual object Clone() => MemberwiseClone();
}

/// <summary>How calls that failed for a passing reason are repeated.</summary>
public class RpcRetryOptions : ICloneable
{
    public TimeSpan InitialInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    public float RandomizationFactor { get; set; } = 0.2F;

    public float Multiplier { get; set; } = 1.5F;

    public TimeSpan MaxInterval { get; set; } = TimeSpan.FromSeconds(5);

    public TimeSpan? MaxElapsedTime { get; set; } = TimeSpan.FromSeconds(10);

    public int MaxRetries { get; set; } = 10;

    public virtual object Clone() => MemberwiseClone();
}

/// <summary>Options of one call.</summary>
public class RpcOptions : ICloneable
{
    /// <summary>Whether to repeat the call; the high-level client does by default.</summary>
    public bool? Retry { get; set; }

    public IReadOnlyCollection<KeyValuePair<string, string>>? Metadata { get; set; }

    public IReadOnlyCollection<KeyValuePair<string, byte[]>>? BinaryMetadata { get; set; }

    /// <summary>Time for one attempt.</summary>
    public TimeSpan? Timeout { get; set; }

    public CancellationToken? CancellationToken { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
