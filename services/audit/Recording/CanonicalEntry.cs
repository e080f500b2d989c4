using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Canonical;

namespace Mainstay.Audit.Recording;

/// <summary>Writes an event in the canonical form of RFC 8785 straight from its bytes; what is seldom goes by <see cref="CanonicalJson"/>.</summary>
internal static class CanonicalEntry
{
    private const int MostExactDigits = 15;

    /// <summary>The canonical form; throws <see cref="FormatException"/> for a member that is there twice.</summary>
    public static byte[] Serialize(JsonElement value, int expectedLength)
    {
        var output = new ArrayBufferWriter<byte>(expectedLength);
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
        var members = new List<(string Name, JsonElement Value)>(value.GetPropertyCount());
        foreach (var property in value.EnumerateObject())
        {
            members.Add((property.Name, property.Value));
        }

        members.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        output.Write("{"u8);
        for (var i = 0; i < members.Count; i++)
        {
            if (i > 0 && members[i].Name == members[i - 1].Name)
            {
                throw new FormatException($"the member '{members[i].Name}' is there twice.");
            }

            output.Write(i == 0 ? ""u8 : ","u8);
            WriteName(output, members[i].Name);
            output.Write(":"u8);
            Write(output, members[i].Value);
        }

        output.Write("}"u8);
    }

    private static void WriteName(ArrayBufferWriter<byte> output, string name)
    {
        if (name.AsSpan().ContainsAnyExceptInRange(' ', '~') || name.AsSpan().ContainsAny('"', '\\'))
        {
            output.Write(CanonicalJson.Serialize(JsonValue.Create(name)));
            return;
        }

        var span = output.GetSpan(name.Length + 2);
        span[0] = (byte)'"';
        System.Text.Encoding.ASCII.GetBytes(name, span[1..]);
        span[name.Length + 1] = (byte)'"';
        output.Advance(name.Length + 2);
    }

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
    private static void WriteString(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> raw, JsonElement value) =>
        output.Write(raw.Contains((byte)'\\') ? CanonicalJson.Serialize(JsonValue.Create(value.GetString())) : raw);

    // So is a whole number that a double holds exactly.
    private static void WriteNumber(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> raw, JsonElement value) =>
        output.Write(
            raw.Length <= MostExactDigits && !raw.ContainsAnyExceptInRange((byte)'0', (byte)'9')
                ? raw
                : CanonicalJson.Serialize(JsonValue.Create(value)));
}
