using System.Buffers;
using System.Buffers.Binary;
using Grpc.Core;
using Grpc.Net.Internal;

namespace Grpc.Net.Client.Internal;

/// <summary>Reads the messages of a response stream, each in a pooled buffer that lives until it is parsed.</summary>
internal sealed class ResponseReader<TResponse>(GrpcChannel channel, Marshaller<TResponse> marshaller)
    where TResponse : class
{
    private readonly byte[] prefix = new byte[GrpcProtocol.PrefixLength];

    /// <summary>Reads the next message; null at the end.</summary>
    public async ValueTask<TResponse?> ReadAsync(Stream stream, string? encoding, CancellationToken cancellationToken)
    {
        var read = await stream.ReadAtLeastAsync(prefix, GrpcProtocol.PrefixLength, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read == 0)
        {
            return null;
        }

        if (read < GrpcProtocol.PrefixLength)
        {
            throw Incomplete();
        }

        if (prefix[0] > 1)
        {
            throw new RpcException(new Status(StatusCode.Internal, "Unexpected compressed flag value in message header."));
        }

        var announced = BinaryPrimitives.ReadUInt32BigEndian(prefix.AsSpan(1));
        if (announced > int.MaxValue || (int)announced > channel.Options.MaxReceiveMessageSize)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size."));
        }

        var length = (int)announced;
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, length));
        try
        {
            if (await stream.ReadAtLeastAsync(buffer.AsMemory(0, length), length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < length)
            {
                throw Incomplete();
            }

            return Parse(new ReadOnlySequence<byte>(buffer, 0, length), encoding);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private TResponse Parse(ReadOnlySequence<byte> payload, string? encoding)
    {
        if (prefix[0] == 1)
        {
            if (encoding is null || !channel.Compressions.TryGetValue(encoding, out var provider))
            {
                throw new RpcException(new Status(StatusCode.Internal, $"Unsupported grpc-encoding value '{encoding}'. Supported encodings: {channel.AcceptEncoding}"));
            }

            payload = MessageCompression.Decompress(payload, provider, channel.Options.MaxReceiveMessageSize);
        }

        var received = new ReceivedPayload();
        received.Set(payload);
        try
        {
            return marshaller.ContextualDeserializer(received);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"Failed to deserialize response message. {exception.GetType().Name}: {exception.Message}", exception));
        }
    }

    private static RpcException Incomplete() => new(new Status(StatusCode.Internal, "Incomplete message."));
}
