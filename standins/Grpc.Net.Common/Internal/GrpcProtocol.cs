using System.Buffers;
using System.Globalization;
using System.Text;

namespace Grpc.Net.Internal;

/// <summary>Names and encodings of gRPC over HTTP/2: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md.</summary>
internal static class GrpcProtocol
{
    public const string ContentType = "application/grpc";
    public const string TimeoutHeader = "grpc-timeout";
    public const string StatusHeader = "grpc-status";
    public const string MessageHeader = "grpc-message";
    public const string EncodingHeader = "grpc-encoding";
    public const string AcceptEncodingHeader = "grpc-accept-encoding";
    public const string Identity = "identity";

    /// <summary>Length of the prefix of every message: a flag for compression and the length, big-endian.</summary>
    public const int PrefixLength = 5;

    /// <summary>The longest timeout that a timer takes; longer ones count as none.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(int.MaxValue);

    // Printable ASCII but for '%', which starts an escape.
    private static readonly SearchValues<char> PlainMessageCharacters = SearchValues.Create(
        " !\"#$&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    public static bool IsGrpcContentType(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is ';' or '+');

    /// <summary>Reads "grpc-timeout"; null when it is not valid.</summary>
    public static TimeSpan? ParseTimeout(string? value)
    {
        if (value is null || value.Length is < 2 or > 9
            || !long.TryParse(value.AsSpan(0, value.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
        {
            return null;
        }

        return value[^1] switch
        {
            'n' => TimeSpan.FromTicks((amount + 99) / 100),
            'u' => TimeSpan.FromTicks(amount * TimeSpan.TicksPerMicrosecond),
            'm' => TimeSpan.FromTicks(amount * TimeSpan.TicksPerMillisecond),
            'S' => TimeSpan.FromSeconds(amount),
            'M' => TimeSpan.FromMinutes(amount),
            'H' => amount > 24 * 365 * 1000 ? LongestTimer : TimeSpan.FromHours(amount),
            _ => null,
        };
    }

    /// <summary>Writes "grpc-timeout" in the finest unit whose amount has at most eight digits.</summary>
    public static string FormatTimeout(TimeSpan timeout)
    {
        const long Most = 99_999_999;
        if (timeout <= TimeSpan.Zero)
        {
            return "1n";
        }

        var ticks = timeout.Ticks;
        if (ticks <= Most / 100)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{ticks * 100}n");
        }

        foreach (var (unit, ticksPerUnit) in Units)
        {
            var amount = (ticks + ticksPerUnit - 1) / ticksPerUnit;
            if (amount <= Most)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{amount}{unit}");
            }
        }

        return "99999999H";
    }

    public static bool FitsTimer(TimeSpan timeout) => timeout < LongestTimer;

    /// <summary>Percent-encodes a status message.</summary>
    public static string EncodeMessage(string message)
    {
        if (!message.AsSpan().ContainsAnyExcept(PlainMessageCharacters))
        {
            return message;
        }

        var encoded = new StringBuilder(message.Length + 16);
        foreach (var octet in Encoding.UTF8.GetBytes(message))
        {
            if (octet < 0x80 && PlainMessageCharacters.Contains((char)octet))
            {
                encoded.Append((char)octet);
            }
            else
            {
                encoded.Append('%').Append(octet.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return encoded.ToString();
    }

    /// <summary>Decodes a percent-encoded status message; leaves alone what is not encoded.</summary>
    public static string DecodeMessage(string message) => message.Contains('%') ? Uri.UnescapeDataString(message) : message;

    /// <summary>Decodes a binary header, padded or not; null when it is not base64.</summary>
    public static byte[]? DecodeBinary(string value)
    {
        var padded = (value.Length % 4) switch
        {
            2 => value + "==",
            3 => value + "=",
            _ => value,
        };
        var buffer = new byte[(padded.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(padded, buffer, out var written) ? buffer[..written] : null;
    }

    private static readonly (char Unit, long Ticks)[] Units =
    [
        ('u', TimeSpan.TicksPerMicrosecond),
        ('m', TimeSpan.TicksPerMillisecond),
        ('S', TimeSpan.TicksPerSecond),
        ('M', TimeSpan.TicksPerMinute),
        ('H', TimeSpan.TicksPerHour),
    ];
}
