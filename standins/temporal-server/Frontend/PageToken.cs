using System.Globalization;
using Google.Protobuf;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Where the next page of a history begins; <paramref name="Until"/> is the last event it may show, 0 for no limit.</summary>
internal sealed record PageToken(string RunId, long Next, long Until = 0)
{
    /// <summary>The token as it travels.</summary>
    public ByteString Encode() => ByteString.CopyFromUtf8(string.Create(CultureInfo.InvariantCulture, $"{RunId};{Next};{Until}"));

    /// <summary>Reads a token; refuses any other bytes.</summary>
    public static PageToken Decode(ByteString token)
    {
        var parts = token.ToStringUtf8().Split(';');
        return parts.Length == 3 && Guid.TryParseExact(parts[0], "D", out _) && long.TryParse(parts[1], CultureInfo.InvariantCulture, out var next) && long.TryParse(parts[2], CultureInfo.InvariantCulture, out var until)
            ? new PageToken(parts[0], next, until)
            : throw ApiErrors.Invalid("Invalid NextPageToken.");
    }
}
