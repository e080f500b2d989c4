using Grpc.Core;

namespace Temporalio.Client.Transport;

/// <summary>The metadata of a call: the SDK's, the connection's, then the call's own.</summary>
internal static class CallMetadata
{
    public static Metadata For(TemporalConnection connection, RpcOptions? options)
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

        foreach (var (name, value) in connection.RpcMetadata.Concat(options?.Metadata ?? []))
        {
            metadata.Add(name, value);
        }

        foreach (var (name, value) in connection.RpcBinaryMetadata.Concat(options?.BinaryMetadata ?? []))
        {
            metadata.Add(name, value);
        }

        return metadata;
    }
}
