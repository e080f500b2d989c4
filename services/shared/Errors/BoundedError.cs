using System.Text;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Mainstay.ServiceDefaults.Errors;

/// <summary>
/// Keeps errors that quote what a caller sent within what peers take as trailers (grpc-java: 8 KiB in all). Larger ones are a broken connection to the caller,
/// and to whoever shares it.
/// </summary>
internal static class BoundedError
{
    private const int MostBytes = 6 * 1024;
    private const int MostMessageBytes = 800;
    private const int MostTextBytes = 150;
    private const int MostViolations = 6;

    /// <summary>Whether an error is too large to be sent as it is.</summary>
    public static bool IsTooLarge(RpcException error) =>
        EscapedLength(error.Status.Detail) + error.Trailers.Sum(entry => entry.Key.Length + (entry.ValueBytes.Length * 4 / 3)) > MostBytes;

    /// <summary>The error with its texts cut, and so marked.</summary>
    public static RpcException Of(RpcException error)
    {
        var message = Cut(error.Status.Detail, MostMessageBytes);
        if (error.GetRpcStatus() is not { } status)
        {
            return new RpcException(new Grpc.Core.Status(error.StatusCode, message));
        }

        var cut = new Google.Rpc.Status { Code = status.Code, Message = message };
        cut.Details.AddRange(status.Details.Select(Cut));
        return cut.ToRpcException();
    }

    private static Any Cut(Any detail)
    {
        if (detail.TryUnpack<ErrorInfo>(out var info))
        {
            foreach (var (key, value) in info.Metadata.ToList())
            {
                info.Metadata[key] = Cut(value, MostTextBytes);
            }

            return Any.Pack(info);
        }

        if (detail.TryUnpack<BadRequest>(out var request))
        {
            var violations = request.FieldViolations.Take(MostViolations).Select(one => new BadRequest.Types.FieldViolation
            {
                Field = Cut(one.Field, MostTextBytes),
                Description = Cut(one.Description, MostTextBytes),
            });
            return Any.Pack(new BadRequest { FieldViolations = { violations } });
        }

        return detail;
    }

    private static string Cut(string text, int mostBytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= mostBytes)
        {
            return text;
        }

        Encoding.UTF8.GetEncoder().Convert(text, new byte[mostBytes], flush: false, out var taken, out _, out _);
        return $"{text[..taken]}… [cut from {text.Length} characters]";
    }

    // grpc-message is percent-encoded (the gRPC over HTTP/2 protocol).
    private static int EscapedLength(string message) => Encoding.UTF8.GetBytes(message).Sum(one => one is >= 0x20 and <= 0x7e and not (byte)'%' ? 1 : 3);
}
