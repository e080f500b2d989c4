using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Net.Internal;

/// <summary>Compresses messages, and decompresses them without ever holding more than is allowed.</summary>
internal static class MessageCompression
{
    public static IReadOnlyDictionary<string, ICompressionProvider> ByName(IEnumerable<ICompressionProvider>? providers) =>
        (providers ?? [new GzipCompressionProvider(CompressionLevel.Fastest)]).ToDictionary(provider => provider.EncodingName, StringComparer.Ordinal);

    public static ArrayBufferWriter<byte> Compress(ReadOnlySpan<byte> message, ICompressionProvider provider, CompressionLevel? level)
    {
        using var compressed = new MemoryStream(message.Length / 2);
        using (var stream = provider.CreateCompressionStream(compressed, level))
        {
            stream.Write(message);
        }

        var writer = new ArrayBufferWriter<byte>(Math.Max(1, (int)compressed.Length));
        writer.Write(compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
        return writer;
    }

    /// <summary>Decompresses a message; a longer one than <paramref name="mostBytes"/> is refused before it is held.</summary>
    public static ReadOnlySequence<byte> Decompress(ReadOnlySequence<byte> message, ICompressionProvider provider, int? mostBytes)
    {
        using var source = new MemoryStream(message.ToArray(), writable: false);
        using var stream = provider.CreateDecompressionStream(source);
        var writer = new ArrayBufferWriter<byte>(Math.Max(256, (int)message.Length * 2));
        try
        {
            for (int read; (read = stream.Read(writer.GetSpan(4096))) > 0;)
            {
                writer.Advance(read);
                if (writer.WrittenCount > mostBytes)
                {
                    throw new RpcException(new Status(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size."));
                }
            }
        }
        catch (InvalidDataException exception)
        {
            throw new RpcException(new Status(StatusCode.Internal, "Message does not decompress.", exception));
        }

        if (provider is GzipCompressionProvider && !IsWhole(message, writer.WrittenCount))
        {
            throw new RpcException(new Status(StatusCode.Internal, "The compressed message is not whole."));
        }

        return new ReadOnlySequence<byte>(writer.WrittenMemory);
    }

    // A gzip ends with the length of what it holds; .NET takes one that breaks off for one that ends. Nothing at all is how it packs nothing.
    private static bool IsWhole(ReadOnlySequence<byte> packed, int length)
    {
        if (packed.Length < sizeof(uint))
        {
            return packed.IsEmpty;
        }

        Span<byte> end = stackalloc byte[sizeof(uint)];
        packed.Slice(packed.Length - sizeof(uint)).CopyTo(end);
        return BinaryPrimitives.ReadUInt32LittleEndian(end) == (uint)length;
    }
}
