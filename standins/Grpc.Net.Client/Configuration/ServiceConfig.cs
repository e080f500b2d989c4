namespace Grpc.Net.Client.Configuration;

/// <summary>What a client knows of the services that it calls: which calls it may try again, and when.</summary>
public sealed class ServiceConfig
{
    /// <summary>Settings of methods; the entry that names a method most closely counts.</summary>
    public IList<MethodConfig> MethodConfigs { get; } = [];

    /// <summary>Stops retries while too many calls fail; null for never.</summary>
    public RetryThrottlingPolicy? RetryThrottling { get; set; }
}
