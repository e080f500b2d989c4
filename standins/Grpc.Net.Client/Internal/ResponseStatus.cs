using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Net.Internal;

namespace Grpc.Net.Client.Internal;

/// <summary>Reads how a call ended from its response's headers and trailers.</summary>
internal static class ResponseStatus
{
    /// <summary>The status, where the headers already hold it; null when messages may follow.</summary>
    public static Status? FromHeaders(HttpResponseMessage response)
    {
        if (Read(response.Headers) is { } status)
        {
            return status;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return new Status(FromHttp(response.StatusCode), $"Bad gRPC response. HTTP status code: {(int)response.StatusCode}");
        }

        var contentType = response.Content.Headers.ContentType?.MediaType;
        return GrpcProtocol.IsGrpcContentType(contentType)
            ? null
            : new Status(StatusCode.Cancelled, $"Bad gRPC response. Invalid content-type value: {contentType}");
    }

    public static Status FromTrailers(HttpResponseMessage response) =>
        Read(response.TrailingHeaders) ?? new Status(StatusCode.Cancelled, "No grpc-status found on response.");

    public static string? Encoding(HttpResponseMessage response) =>
        response.Headers.TryGetValues(GrpcProtocol.EncodingHeader, out var values) ? values.FirstOrDefault() : null;

    public static Metadata Headers(HttpResponseMessage response) => Convert(response.Headers);

    public static Metadata Trailers(HttpResponseMessage response) => Convert(response.TrailingHeaders);

    public static Metadata TrailersOnly(HttpResponseMessage response) => Convert(response.Headers);

    private static Status? Read(HttpHeaders headers)
    {
        if (!headers.TryGetValues(GrpcProtocol.StatusHeader, out var codes))
        {
            return null;
        }

        var message = headers.TryGetValues(GrpcProtocol.MessageHeader, out var messages) ? GrpcProtocol.DecodeMessage(string.Join(",", messages)) : "";
        return int.TryParse(codes.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is >= 0 and <= 16
            ? new Status((StatusCode)code, message)
            : new Status(StatusCode.Unknown, message.Length > 0 ? message : $"Unexpected grpc-status value: {codes.First()}");
    }

    private static Metadata Convert(HttpHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers.NonValidated)
        {
            var key = name.ToLowerInvariant();
            if (key is GrpcProtocol.StatusHeader or GrpcProtocol.MessageHeader or GrpcProtocol.EncodingHeader or GrpcProtocol.AcceptEncodingHeader)
            {
                continue;
            }

            foreach (var value in values)
            {
                Add(metadata, key, value);
            }
        }

        return metadata;
    }

    private static void Add(Metadata metadata, string key, string value)
    {
        if (!key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
        {
            metadata.Add(key, value);
            return;
        }

        foreach (var part in value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (GrpcProtocol.DecodeBinary(part) is { } bytes)
            {
                metadata.Add(key, bytes);
            }
        }
    }

    // https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
    private static StatusCode FromHttp(HttpStatusCode code) => code switch
    {
        HttpStatusCode.BadRequest => StatusCode.Internal,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };
}
