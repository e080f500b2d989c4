using System.IO.Compression;

namespace Mainstay.Audit.Sinks.Http;

/// <summary>Compresses bodies.</summary>
internal static class Gzip
{
    public static byte[] Compress(IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            foreach (var piece in pieces)
            {
                gzip.Write(piece.Span);
            }
        }

        return compressed.ToArray();
    }
}
