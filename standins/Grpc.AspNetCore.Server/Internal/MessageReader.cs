using System.Buffers;
using System.Buffers.Binary;
using Grpc.Core;
using Grpc.Net.Internal;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Reads the messages of a request, one at a time, in place.</summary>
internal static class MessageReader
{
    /// <summary>Reads the one message of a request that does not stream.</summary>
    public static async ValueTask<T> ReadSingleAsync<T>(CallContext context, Marshaller<T> marshaller)
        where T : class
    {
        var message = await ReadAsync(context, marshaller, context.CancellationToken)
            ?? throw new RpcException(new Status(StatusCode.Internal, "Incomplete message."));
        var rest = await context.HttpContext.Request.BodyReader.ReadAsync(context.CancellationToken);
        if (!rest.Buffer.IsEmpty)
        {
            throw new RpcException(new Status(StatusCode.Internal, "Additional data after the message received."));
        }

        context.HttpContext.Request.BodyReader.AdvanceTo(rest.Buffer.End);
        return message;
    }

    /// <summary>Reads the next message; null at the end of the request.</summary>
    public static async ValueTask<T?> ReadAsync<T>(CallContext context, Marshaller<T> marshaller, CancellationToken cancellationToken)
        where T : class
    {
        var reader = context.HttpContext.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            if (TryReadPrefix(buffer, context, out var compressed, out var length) && buffer.Length >= GrpcProtocol.PrefixLength + length)
            {
                var payload = buffer.Slice(GrpcProtocol.PrefixLength, length);
                var message = Parse(context, marshaller, compressed, payload);
                reader.AdvanceTo(payload.End);
                return message;
            }

            if (result.IsCompleted)
            {
                return buffer.IsEmpty ? null : throw new RpcException(new Status(StatusCode.Internal, "Incomplete message."));
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static bool TryReadPrefix(ReadOnlySequence<byte> buffer, CallContext context, out bool compressed, out int length)
    {
        compressed = false;
        length = 0;
        if (buffer.Length < GrpcProtocol.PrefixLength)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[GrpcProtocol.PrefixLength];
        buffer.Slice(0, GrpcProtocol.PrefixLength).CopyTo(prefix);
        compressed = prefix[0] switch
        {
            0 => false,
            1 => true,
            _ => throw new RpcException(new Status(StatusCode.Internal, "Unexpected compressed flag value in message header.")),
        };
        var announced = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (announced > int.MaxValue || (int)announced > context.Settings.MaxReceiveMessageSize)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size."));
        }

        length = (int)announced;
        return true;
    }

    private static T Parse<T>(CallContext context, Marshaller<T> marshaller, bool compressed, ReadOnlySequence<byte> payload)
    {
        if (compressed)
        {
            payload = MessageCompression.Decompress(payload, context.RequestCompression(), context.Settings.MaxReceiveMessageSize);
        }

        var received = new ReceivedPayload();
        received.Set(payload);
        try
        {
            return marshaller.ContextualDeserializer(received);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw new RpcException(new Status(StatusCode.Internal, "The request does not parse as its message type.", exception));
        }
    }
}
