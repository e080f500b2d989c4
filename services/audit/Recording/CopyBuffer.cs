using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Mainstay.Audit.Recording;

/// <summary>Rows in the binary format of COPY, as PostgreSQL documents it.</summary>
internal sealed class CopyBuffer(int capacity)
{
    private static readonly byte[] Signature = [.. "PGCOPY\n"u8, 0xff, .. "\r\n\0"u8];
    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly ArrayBufferWriter<byte> bytes = new(capacity);

    /// <summary>How many bytes have not been moved yet.</summary>
    public int Length => bytes.WrittenCount;

    /// <summary>Starts with the signature, no flags and no extension.</summary>
    public void Begin()
    {
        bytes.ResetWrittenCount();
        bytes.Write(Signature);
        bytes.Write(stackalloc byte[2 * sizeof(int)]);
    }

    public void BeginRow(short columns) => WriteShort(columns);

    /// <summary>Writes a <c>bigint</c>.</summary>
    public void Write(long value)
    {
        WriteLength(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(bytes.GetSpan(sizeof(long)), value);
        bytes.Advance(sizeof(long));
    }

    /// <summary>Writes a <c>timestamptz</c>: the microsecond that has begun, also before the epoch.</summary>
    public void Write(DateTimeOffset value) => Write((value.UtcTicks / TimeSpan.TicksPerMicrosecond) - (Epoch.Ticks / TimeSpan.TicksPerMicrosecond));

    /// <summary>Writes a <c>text</c>.</summary>
    public void Write(string value)
    {
        var span = bytes.GetSpan(sizeof(int) + Encoding.UTF8.GetMaxByteCount(value.Length));
        var length = Encoding.UTF8.GetBytes(value, span[sizeof(int)..]);
        BinaryPrimitives.WriteInt32BigEndian(span, length);
        bytes.Advance(sizeof(int) + length);
    }

    /// <summary>Writes a <c>text</c> that is UTF-8 already.</summary>
    public void Write(ReadOnlySpan<byte> value)
    {
        WriteLength(value.Length);
        bytes.Write(value);
    }

    public void End() => WriteShort(-1);

    /// <summary>Hands on what has been written.</summary>
    public void MoveTo(Stream stream)
    {
        stream.Write(bytes.WrittenSpan);
        bytes.ResetWrittenCount();
    }

    private void WriteLength(int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes.GetSpan(sizeof(int)), length);
        bytes.Advance(sizeof(int));
    }

    private void WriteShort(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(bytes.GetSpan(sizeof(short)), value);
        bytes.Advance(sizeof(short));
    }
}
