using System.Globalization;
using Grpc.Core;
using Grpc.Net.Internal;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Writes a call's status and trailers.</summary>
internal static class ResponseStatus
{
    // Before the response has begun, the status goes into its headers: one frame instead of two ("Trailers-Only").
    public static void Write(HttpResponse response, Status status, Metadata? trailers)
    {
        var destination = response.HasStarted ? TrailersOf(response) : response.Headers;
        if (trailers is not null)
        {
            foreach (var entry in trailers)
            {
                destination.Append(entry.Key, HeaderValue(entry));
            }
        }

        destination[GrpcProtocol.StatusHeader] = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (!string.IsNullOrEmpty(status.Detail))
        {
            destination[GrpcProtocol.MessageHeader] = GrpcProtocol.EncodeMessage(status.Detail);
        }
    }

    public static string HeaderValue(Metadata.Entry entry) => entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes) : entry.Value;

    private static IHeaderDictionary TrailersOf(HttpResponse response) =>
        response.HttpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers
        ?? throw new InvalidOperationException("Trailers are not supported for this response. The server may not support gRPC.");
}
