using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Mainstay.ServiceDefaults.Canonical;

/// <summary>Writes JSON in its one canonical form (RFC 8785), so that equal values have equal digests.</summary>
public static class CanonicalJson
{
    // Replacing a lone surrogate would give two different values one digest.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The canonical form as UTF-8; throws <see cref="FormatException"/> for a lone surrogate or a number that is no finite double.</summary>
    public static byte[] Serialize(JsonNode? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        try
        {
            return Utf8.GetBytes(text.ToString());
        }
        catch (EncoderFallbackException)
        {
            throw new FormatException("A string holds half of a surrogate pair, which UTF-8 cannot express.");
        }
    }

    /// <summary>SHA-256 of the canonical form, as 64 lower-case hexadecimal digits.</summary>
    public static string Digest(JsonNode? value) => Convert.ToHexStringLower(SHA256.HashData(Serialize(value)));

    private static void Write(StringBuilder text, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject members:
                WriteObject(text, members);
                break;
            case JsonArray items:
                WriteArray(text, items);
                break;
            case null:
                text.Append("null");
                break;
            default:
                WriteScalar(text, value.AsValue());
                break;
        }
    }

    private static void WriteObject(StringBuilder text, JsonObject members)
    {
        text.Append('{');
        var separator = "";
        foreach (var (name, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
        {
            text.Append(separator);
            WriteString(text, name);
            text.Append(':');
            Write(text, value);
            separator = ",";
        }

        text.Append('}');
    }

    private static void WriteArray(StringBuilder text, JsonArray items)
    {
        text.Append('[');
        for (var i = 0; i < items.Count; i++)
        {
            text.Append(i == 0 ? "" : ",");
            Write(text, items[i]);
        }

        text.Append(']');
    }

    private static void WriteScalar(StringBuilder text, JsonValue value)
    {
        switch (value.GetValueKind())
        {
            case System.Text.Json.JsonValueKind.True:
                text.Append("true");
                break;
            case System.Text.Json.JsonValueKind.False:
                text.Append("false");
                break;
            case System.Text.Json.JsonValueKind.Number:
                text.Append(Number(double.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)));
                break;
            default:
                WriteString(text, value.GetValue<string>());
                break;
        }
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var character in value)
        {
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\b' => text.Append(@"\b"),
                '\f' => text.Append(@"\f"),
                '\n' => text.Append(@"\n"),
                '\r' => text.Append(@"\r"),
                '\t' => text.Append(@"\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }

    // ECMA-262, Number::toString: the shortest digits that read back as the number, and an exponent only far from one.
    private static string Number(double number)
    {
        if (!double.IsFinite(number))
        {
            throw new FormatException("A number is out of the range of a double.");
        }

        if (number == 0)
        {
            return "0";
        }

        var shortest = Math.Abs(number).ToString("E16", CultureInfo.InvariantCulture);
        for (var precision = 0; precision < 16; precision++)
        {
            var candidate = Math.Abs(number).ToString($"E{precision}", CultureInfo.InvariantCulture);
            if (double.Parse(candidate, CultureInfo.InvariantCulture) == Math.Abs(number))
            {
                shortest = candidate;
                break;
            }
        }

        var parts = shortest.Split('E');
        var digits = parts[0].Replace(".", "", StringComparison.Ordinal).TrimEnd('0');
        var point = int.Parse(parts[1], CultureInfo.InvariantCulture) + 1;
        var sign = number < 0 ? "-" : "";
        return sign + point switch
        {
            > 0 and <= 21 when digits.Length <= point => digits.PadRight(point, '0'),
            > 0 and <= 21 => $"{digits[..point]}.{digits[point..]}",
            > -6 and <= 0 => $"0.{new string('0', -point)}{digits}",
            _ => $"{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(point > 0 ? "+" : "-")}{Math.Abs(point - 1)}",
        };
    }
}
