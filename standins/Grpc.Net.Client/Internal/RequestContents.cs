using System.Net;
using System.Net.Http.Headers;
using Grpc.Net.Internal;

namespace Grpc.Net.Client.Internal;

/// <summary>The body of a request with one message.</summary>
internal sealed class SingleRequestContent : HttpContent
{
    private readonly RequestMessage message;

    public SingleRequestContent(RequestMessage message)
    {
        this.message = message;
        Headers.ContentType = GrpcMediaType.Value;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        stream.WriteAsync(message.Wire).AsTask();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(message.Wire, cancellationToken).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = message.Wire.Length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        message.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>The body of a request with one message that is kept for further attempts.</summary>
internal sealed class WrittenRequestContent : ByteArrayContent
{
    public WrittenRequestContent(byte[] wire)
        : base(wire) => Headers.ContentType = GrpcMediaType.Value;
}

/// <summary>The body of a request whose messages come as the caller writes them.</summary>
internal sealed class StreamRequestContent : HttpContent
{
    private readonly Func<Stream, Task> serve;

    public StreamRequestContent(Func<Stream, Task> serve)
    {
        this.serve = serve;
        Headers.ContentType = GrpcMediaType.Value;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => serve(stream);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

internal static class GrpcMediaType
{
    public static readonly MediaTypeHeaderValue Value = new(GrpcProtocol.ContentType);
}
