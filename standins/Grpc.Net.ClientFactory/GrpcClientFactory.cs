namespace Grpc.Net.ClientFactory;

/// <summary>Makes clients by name.</summary>
public abstract class GrpcClientFactory
{
    /// <summary>A client that was registered under a name.</summary>
    public abstract TClient CreateClient<TClient>(string name)
        where TClient : class;
}
