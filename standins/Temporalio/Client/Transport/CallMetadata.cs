using Grpc.Core;

namespace Temporalio.Client.Transport;

/// <summary>The metadata of a call: the SDK's, the connection's, and in their place the call's own.</summary>
internal static class CallMetadata
{
    private const string NamespaceKey = "temporal-namespace";

    public static Metadata For(TemporalConnection connection, IMessage request, RpcOptions? options)
    {
        var metadata = new Metadata
        {
            { "client-name", SdkVersion.Name },
            { "client-version", SdkVersion.Version },
        };
        if (connection.ApiKey is { } key && !connection.RpcMetadata.Any(item => item.Key == "authorization"))
        {
            metadata.Add("authorization", $"Bearer {key}");
        }

        foreach (var (name, value) in connection.RpcMetadata.Where(item => options?.Metadata?.Any(own => own.Key == item.Key) != true).Concat(options?.Metadata ?? []))
        {
            metadata.Add(name, value);
        }

        foreach (var (name, value) in connection.RpcBinaryMetadata.Where(item => options?.BinaryMetadata?.Any(own => own.Key == item.Key) != true).Concat(options?.BinaryMetadata ?? []))
        {
            metadata.Add(name, value);
        }

        // Where many namespaces share an address, the call is sent on by this.
        if (metadata.Get(NamespaceKey) is null && request.Descriptor.FindFieldByName("namespace")?.Accessor.GetValue(request) is string { Length: > 0 } @namespace)
        {
            metadata.Add(NamespaceKey, @namespace);
        }

        return metadata;
    }
}
