using System.Buffers;
using System.Buffers.Binary;

namespace Mainstay.Audit.Recording.Bus;

/// <summary>A message of the bus.</summary>
/// <param name="Body">Any bytes at all, so that what is no audit event is kept too and not lost.</param>
/// <param name="TraceParent">The span it was sent from, as W3C Trace Context writes it; empty without one.</param>
internal readonly record struct BusMessage(ReadOnlyMemory<byte> Body, ReadOnlyMemory<byte> TraceParent);

/// <summary>Messages that arrived one after the other, in one piece of memory: MassTransit does for all together what it would do for each.</summary>
internal sealed record BusMessages(ReadOnlyMemory<byte> Frames)
{
    /// <summary>Adds a message at the end.</summary>
    public static void Write(ArrayBufferWriter<byte> frames, ReadOnlySpan<byte> body, ReadOnlySpan<byte> traceParent)
    {
        WritePart(frames, body);
        WritePart(frames, traceParent);
    }

    /// <summary>The messages in the order in which they were written.</summary>
    public IEnumerable<BusMessage> Read()
    {
        for (var rest = Frames; rest.Length > 0;)
        {
            var body = ReadPart(ref rest);
            yield return new BusMessage(body, ReadPart(ref rest));
        }
    }

    private static void WritePart(ArrayBufferWriter<byte> frames, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteInt32LittleEndian(frames.GetSpan(sizeof(int)), part.Length);
        frames.Advance(sizeof(int));
        frames.Write(part);
    }

    private static ReadOnlyMemory<byte> ReadPart(ref ReadOnlyMemory<byte> rest)
    {
        var end = sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(rest.Span);
        var part = rest[sizeof(int)..end];
        rest = rest[end..];
        return part;
    }
}
