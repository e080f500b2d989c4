namespace Grpc.Net.Client.Configuration;

/// <summary>Settings of the methods that it names.</summary>
public sealed class MethodConfig
{
    /// <summary>The methods; <see cref="MethodName.Default"/> for all.</summary>
    public IList<MethodName> Names { get; } = [];

    /// <summary>How failed calls are tried again; null for not.</summary>
    public RetryPolicy? RetryPolicy { get; set; }
}
