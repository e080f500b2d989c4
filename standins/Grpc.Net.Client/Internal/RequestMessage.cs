using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Internal;

namespace Grpc.Net.Client.Internal;

/// <summary>One request as it goes over the wire: prefix and payload in one pooled buffer.</summary>
internal sealed class RequestMessage : SerializationContext, IBufferWriter<byte>, IDisposable
{
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(256);
    private int written = GrpcProtocol.PrefixLength;

    public ReadOnlyMemory<byte> Wire => buffer.AsMemory(0, written);

    public static RequestMessage Write<T>(T message, Marshaller<T> marshaller, GrpcChannel channel, string? encoding)
    {
        var request = new RequestMessage();
        try
        {
            marshaller.ContextualSerializer(message, request);
            request.Finish(channel, encoding);
            return request;
        }
        catch
        {
            request.Dispose();
            throw;
        }
    }

    public override void SetPayloadLength(int payloadLength) => Reserve(payloadLength);

    public override IBufferWriter<byte> GetBufferWriter() => this;

    public override void Complete()
    {
    }

    public override void Complete(byte[] payload) => this.Write(payload);

    public void Advance(int count) => written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return buffer.AsMemory(written);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
        }
    }

    private void Finish(GrpcChannel channel, string? encoding)
    {
        var length = written - GrpcProtocol.PrefixLength;
        if (length > channel.Options.MaxSendMessageSize)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "Sending message exceeds the maximum configured message size."));
        }

        // Compressing nothing gives no bytes at all, which peers refuse as broken.
        var compressed = length > 0 && encoding is not null && channel.Compressions.ContainsKey(encoding);
        if (compressed)
        {
            var smaller = MessageCompression.Compress(buffer.AsSpan(GrpcProtocol.PrefixLength, length), channel.Compressions[encoding!], CompressionLevel.Fastest);
            written = GrpcProtocol.PrefixLength;
            this.Write(smaller.WrittenSpan);
            length = smaller.WrittenCount;
        }

        buffer[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(buffer.AsSpan(1), (uint)length);
    }

    private void Reserve(int more)
    {
        if (buffer.Length - written >= more)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, written + more));
        buffer.AsSpan(0, written).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
