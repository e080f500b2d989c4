using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Canonical;

namespace Mainstay.Audit.Recording;

/// <summary>Writes an event in the canonical form of RFC 8785 straight from its bytes; what is seldom goes by <see cref="CanonicalJson"/>.</summary>
internal static class CanonicalEntry
{
    private const int KeptBytes = 64 * 1024;

    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(one => (char)one), '"', '\\']);

    // Each thread writes one entry at a time.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? kept;

    /// <summary>The canonical form; throws <see cref="FormatException"/> for a member that is there twice.</summary>
    public static byte[] Serialize(JsonElement value, int expectedLength)
    {
        var output = expectedLength > KeptBytes ? new ArrayBufferWriter<byte>(expectedLength) : kept ??= new ArrayBufferWriter<byte>(KeptBytes);
        output.ResetWrittenCount();
        Write(output, value);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> output, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(output, value);
                break;
            case JsonValueKind.Array:
                WriteArray(output, value);
                break;
            case JsonValueKind.String:
                WriteString(output, JsonMarshal.GetRawUtf8Value(value), value);
                break;
            case JsonValueKind.Number:
                WriteNumber(output, JsonMarshal.GetRawUtf8Value(value), value);
                break;
            default:
                output.Write(JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }

    private static void WriteObject(ArrayBufferWriter<byte> output, JsonElement value)
    {
        var count = value.GetPropertyCount();
        var rented = ArrayPool<Member>.Shared.Rent(count);
        try
        {
            var members = rented.AsSpan(0, count);
            if (TryCollect(value, members))
            {
                members.Sort(Member.Compare);
                WriteMembers(output, members);
            }
            else
            {
                WriteOddlyNamed(output, value);
            }
        }
        finally
        {
            ArrayPool<Member>.Shared.Return(rented, clearArray: true);
        }
    }

    private static bool TryCollect(JsonElement value, Span<Member> members)
    {
        var next = 0;
        foreach (var property in value.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(property);
            if (name.ContainsAnyExceptInRange((byte)' ', (byte)'~') || name.Contains((byte)'\\'))
            {
                return false;
            }

            members[next++] = new Member(name, property);
        }

        return true;
    }

    private static void WriteMembers(ArrayBufferWriter<byte> output, ReadOnlySpan<Member> members)
    {
        var separator = (byte)'{';
        for (var i = 0; i < members.Length; i++)
        {
            if (i > 0 && Member.Compare(members[i - 1], members[i]) == 0)
            {
                throw Twice(members[i].Property.Name);
            }

            var name = members[i].Name;
            var span = output.GetSpan(name.Length + 4);
            span[0] = separator;
            span[1] = (byte)'"';
            name.CopyTo(span[2..]);
            span[name.Length + 2] = (byte)'"';
            span[name.Length + 3] = (byte)':';
            output.Advance(name.Length + 4);
            Write(output, members[i].Property.Value);
            separator = (byte)',';
        }

        output.Write(members.IsEmpty ? "{}"u8 : "}"u8);
    }

    // RFC 8785 sorts by UTF-16 units, which is the order of the bytes only for names of ASCII.
    private static void WriteOddlyNamed(ArrayBufferWriter<byte> output, JsonElement value)
    {
        var members = value.EnumerateObject().Select(property => (property.Name, property.Value)).OrderBy(member => member.Name, StringComparer.Ordinal).ToList();
        for (var i = 0; i < members.Count; i++)
        {
            if (i > 0 && members[i].Name == members[i - 1].Name)
            {
                throw Twice(members[i].Name);
            }

            output.Write(i == 0 ? "{"u8 : ","u8);
            WriteText(output, members[i].Name);
            output.Write(":"u8);
            Write(output, members[i].Value);
        }

        output.Write("}"u8);
    }

    private static FormatException Twice(string name) => new($"the member '{name}' is there twice.");

    private static void WriteArray(ArrayBufferWriter<byte> output, JsonElement value)
    {
        var separator = "["u8;
        foreach (var item in value.EnumerateArray())
        {
            output.Write(separator);
            Write(output, item);
            separator = ","u8;
        }

        output.Write(separator[0] == '[' ? "[]"u8 : "]"u8);
    }

    // Without an escape, the text is its own canonical form.
    private static void WriteString(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> raw, JsonElement value)
    {
        if (raw.Contains((byte)'\\'))
        {
            WriteText(output, value.GetString()!);
        }
        else
        {
            output.Write(raw);
        }
    }

    private static void WriteText(ArrayBufferWriter<byte> output, string text)
    {
        if (text.AsSpan().ContainsAny(Escaped) || text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            output.Write(CanonicalJson.Serialize(JsonValue.Create(text)));
            return;
        }

        output.Write("\""u8);
        Encoding.UTF8.GetBytes(text, output);
        output.Write("\""u8);
    }

    // So is a whole number that a double holds exactly.
    private static void WriteNumber(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> raw, JsonElement value) =>
        output.Write(
            CanonicalForm.IsCanonicalNumber(raw)
                ? raw
                : CanonicalJson.Serialize(JsonValue.Create(value)));

    // The first eight bytes of the name decide nearly always.
    private readonly struct Member(ReadOnlySpan<byte> name, JsonProperty property)
    {
        private readonly ulong prefix = Prefix(name);

        public JsonProperty Property { get; } = property;

        public ReadOnlySpan<byte> Name => JsonMarshal.GetRawUtf8PropertyName(Property);

        public static int Compare(Member left, Member right) =>
            left.prefix != right.prefix ? left.prefix.CompareTo(right.prefix) : left.Name.SequenceCompareTo(right.Name);

        private static ulong Prefix(ReadOnlySpan<byte> name)
        {
            Span<byte> first = stackalloc byte[sizeof(ulong)];
            first.Clear();
            name[..Math.Min(name.Length, sizeof(ulong))].CopyTo(first);
            return BinaryPrimitives.ReadUInt64BigEndian(first);
        }
    }
}
