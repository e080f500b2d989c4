using Google.Protobuf;

namespace Grpc.Core;

/// <summary>Carries google.rpc.Status in exceptions and trailers: https://google.aip.dev/193.</summary>
public static class RpcStatusExtensions
{
    /// <summary>An exception whose trailers carry the status with its details.</summary>
    public static RpcException ToRpcException(this Google.Rpc.Status status) => status.ToRpcException((StatusCode)status.Code, status.Message);

    /// <summary>An exception with a code and message of its own, whose trailers carry the status with its details.</summary>
    public static RpcException ToRpcException(this Google.Rpc.Status status, StatusCode statusCode, string message)
    {
        var trailers = new Metadata();
        trailers.SetRpcStatus(status);
        return new RpcException(new Status(statusCode, message), trailers);
    }

    /// <summary>The first detail of a type; null when there is none.</summary>
    public static T? GetDetail<T>(this Google.Rpc.Status status)
        where T : class, IMessage<T>, new()
    {
        ArgumentNullException.ThrowIfNull(status);
        var descriptor = new T().Descriptor;
        return status.Details.FirstOrDefault(detail => detail.Is(descriptor))?.Unpack<T>();
    }
}

/// <summary>Reads google.rpc.Status from exceptions.</summary>
public static class RpcExceptionExtensions
{
    /// <summary>The status that an exception's trailers carry; null when they carry none.</summary>
    public static Google.Rpc.Status? GetRpcStatus(this RpcException ex) => ex.Trailers.GetRpcStatus();
}

/// <summary>Reads and writes google.rpc.Status in trailers.</summary>
public static class MetadataExtensions
{
    /// <summary>The trailer that carries the status.</summary>
    public const string StatusDetailsTrailerName = "grpc-status-details-bin";

    /// <summary>The status that trailers carry; null when they carry none, or one that does not parse and that is to be ignored.</summary>
    public static Google.Rpc.Status? GetRpcStatus(this Metadata metadata, bool ignoreParseError = false)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (metadata.GetValueBytes(StatusDetailsTrailerName) is not { } bytes)
        {
            return null;
        }

        try
        {
            return Google.Rpc.Status.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException) when (ignoreParseError)
        {
            return null;
        }
    }

    /// <summary>Adds a status to trailers, in place of one that they carry.</summary>
    public static void SetRpcStatus(this Metadata metadata, Google.Rpc.Status status)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        foreach (var entry in metadata.GetAll(StatusDetailsTrailerName).ToList())
        {
            metadata.Remove(entry);
        }

        metadata.Add(StatusDetailsTrailerName, status.ToByteArray());
    }
}
