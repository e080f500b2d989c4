using System.Globalization;
using Grpc.Core;
using Grpc.Net.Internal;

namespace Grpc.Net.Client.Internal;

/// <summary>Writes the headers of a request.</summary>
internal static class RequestHeaders
{
    /// <summary>A header by which a caller chooses the encoding of its requests; it is not sent.</summary>
    public const string RequestEncoding = "grpc-internal-encoding-request";

    /// <summary>Tells the server, and the caller in the response's headers, how many attempts went before.</summary>
    public const string PreviousAttempts = "grpc-previous-rpc-attempts";

    private static readonly string UserAgent = $"grpc-dotnet/2.71.0 (.NET {Environment.Version})";

    public static string? EncodingOf(Metadata? headers) => headers?.GetValue(RequestEncoding);

    public static string PreviousTo(int attempt) => (attempt - 1).ToString(CultureInfo.InvariantCulture);

    public static void Write(
        HttpRequestMessage request, Metadata? headers, Metadata? credentials, TimeSpan? timeout, string? encoding, string acceptEncoding, string? host, int attempt)
    {
        var target = request.Headers;
        target.TryAddWithoutValidation("User-Agent", UserAgent);
        target.TryAddWithoutValidation("TE", "trailers");
        target.TryAddWithoutValidation(GrpcProtocol.AcceptEncodingHeader, acceptEncoding);
        if (timeout is { } remaining)
        {
            target.TryAddWithoutValidation(GrpcProtocol.TimeoutHeader, GrpcProtocol.FormatTimeout(remaining));
        }

        if (encoding is not null)
        {
            target.TryAddWithoutValidation(GrpcProtocol.EncodingHeader, encoding);
        }

        if (attempt > 1)
        {
            target.TryAddWithoutValidation(PreviousAttempts, PreviousTo(attempt));
        }

        if (host is not null)
        {
            target.Host = host;
        }

        Add(target, headers);
        Add(target, credentials);
    }

    private static void Add(System.Net.Http.Headers.HttpRequestHeaders target, Metadata? metadata)
    {
        if (metadata is null)
        {
            return;
        }

        foreach (var entry in metadata)
        {
            if (entry.Key == RequestEncoding)
            {
                continue;
            }

            target.TryAddWithoutValidation(entry.Key, entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes) : entry.Value);
        }
    }
}
