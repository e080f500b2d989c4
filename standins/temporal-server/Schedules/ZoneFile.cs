using System.Buffers.Binary;
using System.Text;

namespace Mainstay.TemporalServer.Schedules;

/// <summary>A time zone as the files of the time zone database have it (RFC 8536).</summary>
internal sealed class ZoneFile
{
    private const int HeaderBytes = 44;
    private const int TypeBytes = 6;

    private readonly long[] changes;
    private readonly int[] offsets;
    private readonly int first;
    private readonly PosixZone? afterwards;

    private ZoneFile(ReadOnlySpan<byte> block, Counts counts, int timeBytes, PosixZone? afterwards)
    {
        this.afterwards = afterwards;
        changes = new long[counts.Changes];
        offsets = new int[counts.Changes];
        var kinds = block[(counts.Changes * timeBytes)..];
        var types = kinds[counts.Changes..];
        for (var i = 0; i < counts.Changes; i++)
        {
            changes[i] = timeBytes == 8 ? BinaryPrimitives.ReadInt64BigEndian(block[(i * 8)..]) : BinaryPrimitives.ReadInt32BigEndian(block[(i * 4)..]);
            offsets[i] = kinds[i] < counts.Types ? Offset(types, kinds[i]) : throw Malformed();
        }

        var standard = Enumerable.Range(0, counts.Types).Select(i => (Type: i, Summer: false)).ToList();
        for (var i = 0; i < standard.Count; i++)
        {
            standard[i] = (i, types[(i * TypeBytes) + 4] != 0);
        }

        first = Offset(types, standard.Find(type => !type.Summer).Type);
    }

    /// <summary>Reads a file; throws <see cref="SpecException"/> when it is none.</summary>
    public static ZoneFile Parse(ReadOnlySpan<byte> data)
    {
        try
        {
            var counts = Counts.Read(data);
            if (data[4] == 0)
            {
                return new ZoneFile(data[HeaderBytes..], counts, 4, null);
            }

            // The second block says the same with more room for it, and how it goes on.
            data = data[(HeaderBytes + counts.Bytes(4))..];
            counts = Counts.Read(data);
            var block = data[HeaderBytes..];
            var footer = Encoding.ASCII.GetString(block[counts.Bytes(8)..]).Trim('\n');
            return new ZoneFile(block, counts, 8, footer.Length > 0 ? PosixZone.Parse(footer) : null);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException or FormatException)
        {
            throw Malformed();
        }
    }

    /// <summary>How far the clocks are ahead of UTC.</summary>
    public TimeSpan OffsetAt(DateTimeOffset time)
    {
        var seconds = time.ToUnixTimeSeconds();
        var after = Array.BinarySearch(changes, seconds) is var found && found >= 0 ? found : ~found - 1;
        return TimeSpan.FromSeconds(after < 0 ? (changes.Length == 0 && afterwards is not null ? afterwards.OffsetAt(time) : first)
            : after == changes.Length - 1 && afterwards is not null ? afterwards.OffsetAt(time)
            : offsets[after]);
    }

    private static int Offset(ReadOnlySpan<byte> types, int type) => BinaryPrimitives.ReadInt32BigEndian(types[(type * TypeBytes)..]);

    private static SpecException Malformed() => new("malformed time zone information");

    private readonly record struct Counts(int Universal, int Standard, int Leaps, int Changes, int Types, int Letters)
    {
        public static Counts Read(ReadOnlySpan<byte> header)
        {
            if (!header.StartsWith("TZif"u8))
            {
                throw Malformed();
            }

            var counts = new Counts(At(header, 20), At(header, 24), At(header, 28), At(header, 32), At(header, 36), At(header, 40));
            return counts.Types > 0 ? counts : throw Malformed();
        }

        public int Bytes(int timeBytes) => checked((Changes * (timeBytes + 1)) + (Types * TypeBytes) + Letters + (Leaps * (timeBytes + 4)) + Standard + Universal);

        private static int At(ReadOnlySpan<byte> header, int position) => BinaryPrimitives.ReadInt32BigEndian(header[position..]) is >= 0 and < 1_000_000 and var count ? count : throw Malformed();
    }
}
