using System.IO.Compression;
using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Converters;

namespace Mainstay.Orchestrator.Engine.Payloads;

/// <summary>Compresses payloads with zlib where that makes them smaller, in the layout of the Go SDK's zlib codec.</summary>
internal sealed class CompressionCodec : IPayloadCodec
{
    private const string Encoding = "binary/zlib";
    private const int LargestContent = 64 * 1024 * 1024;

    public Task<IReadOnlyCollection<Payload>> EncodeAsync(IReadOnlyCollection<Payload> payloads) =>
        Task.FromResult<IReadOnlyCollection<Payload>>([.. payloads.Select(Compress)]);

    public Task<IReadOnlyCollection<Payload>> DecodeAsync(IReadOnlyCollection<Payload> payloads) =>
        Task.FromResult<IReadOnlyCollection<Payload>>([.. payloads.Select(Expand)]);

    private static Payload Compress(Payload payload)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            payload.WriteTo(zlib);
        }

        return packed.Length >= payload.CalculateSize()
            ? payload
            : new() { Metadata = { ["encoding"] = ByteString.CopyFromUtf8(Encoding) }, Data = UnsafeByteOperations.UnsafeWrap(packed.GetBuffer().AsMemory(0, (int)packed.Length)) };
    }

    private static Payload Expand(Payload payload)
    {
        if (!payload.Metadata.TryGetValue("encoding", out var encoding) || encoding.ToStringUtf8() != Encoding)
        {
            return payload;
        }

        using var zlib = new ZLibStream(new MemoryStream(payload.Data.ToByteArray()), CompressionMode.Decompress);
        using var expanded = new MemoryStream();
        var buffer = new byte[81920];
        while (zlib.Read(buffer) is > 0 and var read)
        {
            // A few bytes can unpack to any number.
            if (expanded.Length + read > LargestContent)
            {
                throw new InvalidDataException($"A compressed payload holds more than {LargestContent} bytes.");
            }

            expanded.Write(buffer, 0, read);
        }

        return Payload.Parser.ParseFrom(expanded.GetBuffer().AsSpan(0, (int)expanded.Length));
    }
}
