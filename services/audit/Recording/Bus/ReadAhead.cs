using System.Diagnostics;
using System.Net.Sockets;
using RabbitMQ.Client;

namespace Mainstay.Audit.Recording.Bus;

/// <summary>
/// Takes what has arrived off the socket before it is asked for, and lets some arrive meanwhile: RabbitMQ.Client asks for 4 KB, and the broker sends a few events at a time. To
/// be woken for each of them, and to wake who handles them, costs more than to read them, and takes the processor from the database.
/// </summary>
internal sealed class ReadAheadStream(Socket socket) : NetworkStream(socket)
{
    private const int MostBytes = 256 * 1024;

    // Only where data flows: what comes after a pause is read at once.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(4);

    private readonly byte[] ahead = new byte[MostBytes];
    private int start;
    private int end;
    private long lastRead;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (start == end)
        {
            (start, end) = (0, base.Read(ahead));
        }

        return Take(buffer);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (start == end)
        {
            if (end < MostBytes && Stopwatch.GetElapsedTime(lastRead) < Gathering)
            {
                await Task.Delay(Gathering, cancellationToken);
            }

            (start, end) = (0, await base.ReadAsync(ahead, cancellationToken));
            lastRead = Stopwatch.GetTimestamp();
        }

        return Take(buffer.Span);
    }

    private int Take(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, end - start);
        ahead.AsSpan(start, count).CopyTo(buffer);
        start += count;
        return count;
    }
}

/// <summary>A socket that is read ahead.</summary>
internal sealed class ReadAheadClient(Socket socket) : TcpClientAdapter(socket)
{
    private readonly Lazy<ReadAheadStream> stream = new(() => new ReadAheadStream(socket));

    public override NetworkStream GetStream() => stream.Value;
}
