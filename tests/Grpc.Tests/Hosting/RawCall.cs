using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace Grpc.Tests.Hosting;

/// <summary>A call as it is on the wire, made by an HTTP/2 client that knows nothing of gRPC.</summary>
internal sealed class RawCall(string target) : IDisposable
{
    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler { InitialHttp2StreamWindowSize = 65_535 });

    public static byte[] Message(byte flag, byte[] payload, int? announced = null)
    {
        var wire = new byte[5 + payload.Length];
        wire[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(wire.AsSpan(1), announced ?? payload.Length);
        payload.CopyTo(wire, 5);
        return wire;
    }

    /// <summary>Posts a body and waits for the headers of the response alone.</summary>
    public Task<HttpResponseMessage> BeginAsync(
        string method, byte[] body, (string Name, string Value)[] headers, CancellationToken cancellationToken, string contentType = "application/grpc")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"http://{target}/grpc.testing.TestService/{method}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        request.Headers.TryAddWithoutValidation("te", "trailers");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return http.SendAsync(request, cancellationToken);
    }

    public async Task<RawResponse> PostAsync(
        string method, byte[] body, (string Name, string Value)[] headers, CancellationToken cancellationToken, string contentType = "application/grpc")
    {
        using var response = await BeginAsync(method, body, headers, cancellationToken, contentType);
        return await RawResponse.ReadAsync(response, cancellationToken);
    }

    public void Dispose() => http.Dispose();
}

/// <summary>A response as it was on the wire.</summary>
internal sealed record RawResponse(HttpStatusCode HttpStatus, int? Status, string? Message, byte[] Body, HttpResponseHeaders Headers)
{
    public static async Task<RawResponse> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new RawResponse(
            response.StatusCode,
            Find(response, "grpc-status") is { } status ? int.Parse(status, System.Globalization.CultureInfo.InvariantCulture) : null,
            Find(response, "grpc-message"),
            body,
            response.Headers);
    }

    private static string? Find(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.TrailingHeaders.TryGetValues(name, out values) ? values.Single() : null;
}
