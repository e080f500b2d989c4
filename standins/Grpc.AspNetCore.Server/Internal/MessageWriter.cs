using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Net.Compression;
using Grpc.Net.Internal;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Writes the messages of a response, straight into its pipe where nothing has to be compressed.</summary>
internal sealed class MessageWriter(CallContext context) : SerializationContext
{
    private int? announcedLength;
    private ArrayBufferWriter<byte>? buffered;
    private bool direct;

    private PipeWriter Pipe => context.HttpContext.Response.BodyWriter;

    private ICompressionProvider? Compression =>
        context.WriteOptions?.Flags.HasFlag(WriteFlags.NoCompress) == true ? null : context.ResponseCompression;

    public void Write<T>(T message, Marshaller<T> marshaller)
    {
        announcedLength = null;
        buffered = null;
        direct = false;
        marshaller.ContextualSerializer(message, this);
    }

    public override void SetPayloadLength(int payloadLength) => announcedLength = payloadLength;

    public override IBufferWriter<byte> GetBufferWriter()
    {
        if (announcedLength is not { } length || Compression is not null)
        {
            return buffered ??= new ArrayBufferWriter<byte>(Math.Max(256, announcedLength ?? 0));
        }

        if (!direct)
        {
            direct = true;
            WritePrefix(length, compressed: false);
        }

        return Pipe;
    }

    public override void Complete()
    {
        if (!direct)
        {
            WriteWhole(buffered is null ? default : buffered.WrittenSpan);
        }
    }

    public override void Complete(byte[] payload) => WriteWhole(payload);

    private void WriteWhole(ReadOnlySpan<byte> payload)
    {
        // Compressing nothing gives no bytes at all, which peers refuse as broken.
        if (payload.Length > 0 && Compression is { } provider)
        {
            var compressed = MessageCompression.Compress(payload, provider, context.Settings.ResponseLevel);
            CheckLength(payload.Length);
            WritePrefix(compressed.WrittenCount, compressed: true);
            Pipe.Write(compressed.WrittenSpan);
            return;
        }

        WritePrefix(payload.Length, compressed: false);
        Pipe.Write(payload);
    }

    private void WritePrefix(int length, bool compressed)
    {
        CheckLength(length);
        var prefix = Pipe.GetSpan(GrpcProtocol.PrefixLength);
        prefix[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], (uint)length);
        Pipe.Advance(GrpcProtocol.PrefixLength);
    }

    private void CheckLength(int length)
    {
        if (length > context.Settings.MaxSendMessageSize)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "Sending message exceeds the maximum configured message size."));
        }
    }
}
