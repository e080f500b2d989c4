using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Compression;
using Grpc.Net.Internal;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>One call on its HTTP request: deadline, headers, status.</summary>
internal sealed class CallContext : ServerCallContext, IDisposable
{
    // What the transport says of itself is no metadata of the call.
    private static readonly HashSet<string> TransportHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        GrpcProtocol.EncodingHeader, GrpcProtocol.AcceptEncodingHeader, GrpcProtocol.TimeoutHeader,
        HeaderNames.ContentType, HeaderNames.TE, HeaderNames.Host, HeaderNames.AcceptEncoding,
    };

    private readonly string method;
    private Metadata? requestHeaders;
    private Metadata? responseTrailers;
    private Status status;
    private IDictionary<object, object>? userState;
    private AuthContext? authContext;

    public CallContext(HttpContext httpContext, IMethod method, MethodSettings settings, TimeProvider clock)
    {
        HttpContext = httpContext;
        Settings = settings;
        this.method = method.FullName;
        DeadlineCore = DateTime.MaxValue;
        CancellationTokenCore = httpContext.RequestAborted;

        if (GrpcProtocol.ParseTimeout(httpContext.Request.Headers[GrpcProtocol.TimeoutHeader]) is { } timeout)
        {
            DeadlineCore = clock.GetUtcNow().UtcDateTime + timeout;
            if (GrpcProtocol.FitsTimer(timeout))
            {
                Ending = new CallDeadline(httpContext, timeout, clock);
                CancellationTokenCore = Ending.Token;
            }
        }
    }

    public HttpContext HttpContext { get; }

    public MethodSettings Settings { get; }

    /// <summary>What ends the response at the call's deadline; null where there is none.</summary>
    public CallDeadline? Ending { get; }

    public bool DeadlinePassed => Ending is { HasPassed: true };

    /// <summary>What compresses responses; null where the caller or the service wants none.</summary>
    public ICompressionProvider? ResponseCompression { get; private set; }

    public bool HasTrailers => responseTrailers is { Count: > 0 };

    protected override string MethodCore => method;

    protected override string HostCore => HttpContext.Request.Host.Value ?? "";

    protected override string PeerCore => HttpContext.Connection.RemoteIpAddress switch
    {
        null => "unknown",
        { AddressFamily: AddressFamily.InterNetwork } address => $"ipv4:{address}:{HttpContext.Connection.RemotePort}",
        var address => $"ipv6:[{address}]:{HttpContext.Connection.RemotePort}",
    };

    protected override DateTime DeadlineCore { get; }

    protected override CancellationToken CancellationTokenCore { get; }

    protected override Metadata RequestHeadersCore => requestHeaders ??= ReadHeaders(HttpContext.Request.Headers);

    protected override Metadata ResponseTrailersCore => responseTrailers ??= [];

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => authContext ??= PeerIdentity.Read(HttpContext.Connection.ClientCertificate);

    protected override IDictionary<object, object> UserStateCore => userState ??= new Dictionary<object, object>();

    protected override Status StatusCore
    {
        get => status;
        set => status = value;
    }

    /// <summary>Prepares the response's headers, before anything is written.</summary>
    public void Begin()
    {
        var response = HttpContext.Response;
        response.ContentType = GrpcProtocol.ContentType;
        response.Headers[GrpcProtocol.AcceptEncodingHeader] = Settings.AcceptEncoding;
        if (Settings.ResponseEncoding is { } encoding
            && Settings.Compressions.TryGetValue(encoding, out var provider)
            && ((string?)HttpContext.Request.Headers[GrpcProtocol.AcceptEncodingHeader])?
                .Split(',', StringSplitOptions.TrimEntries).Contains(encoding, StringComparer.Ordinal) == true)
        {
            ResponseCompression = provider;
            response.Headers[GrpcProtocol.EncodingHeader] = encoding;
        }

        Ending?.Start();
    }

    /// <summary>The provider that reads compressed requests; refuses an encoding that is not known.</summary>
    public ICompressionProvider RequestCompression()
    {
        var encoding = (string?)HttpContext.Request.Headers[GrpcProtocol.EncodingHeader];
        if (encoding is null or GrpcProtocol.Identity)
        {
            throw new RpcException(new Status(StatusCode.Internal, encoding is null
                ? "Request did not include grpc-encoding value with compressed message."
                : "Request sent 'identity' grpc-encoding value with compressed message."));
        }

        return Settings.Compressions.TryGetValue(encoding, out var provider)
            ? provider
            : throw new RpcException(new Status(StatusCode.Unimplemented, $"Unsupported grpc-encoding value '{encoding}'. Supported encodings: {Settings.AcceptEncoding}"));
    }

    public void WriteStatus() => ResponseStatus.Write(HttpContext.Response, status, responseTrailers);

    /// <summary>Turns what a handler threw into the status to send.</summary>
    public void Fail(Exception exception)
    {
        if (exception is RpcException rpc)
        {
            foreach (var entry in rpc.Trailers)
            {
                ResponseTrailersCore.Add(entry);
            }

            status = rpc.Status;
        }
        else if (DeadlinePassed)
        {
            status = CallDeadline.Exceeded;
        }
        else if (exception is OperationCanceledException or IOException && HttpContext.RequestAborted.IsCancellationRequested)
        {
            status = new Status(StatusCode.Cancelled, "Call canceled by the client.", exception);
        }
        else
        {
            var detail = Settings.DetailedErrors ? $"Exception was thrown by handler. {exception.GetType().Name}: {exception.Message}" : "Exception was thrown by handler.";
            status = new Status(StatusCode.Unknown, detail, exception);
        }
    }

    public void Dispose() => Ending?.Dispose();

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        if (HttpContext.Response.HasStarted)
        {
            throw new InvalidOperationException("Response headers can only be sent once per call.");
        }

        if (Ending?.TryBeginWrite() == false)
        {
            throw new InvalidOperationException("Can't write the headers because the request is complete.");
        }

        try
        {
            foreach (var entry in responseHeaders)
            {
                HttpContext.Response.Headers.Append(entry.Key, ResponseStatus.HeaderValue(entry));
            }

            await HttpContext.Response.BodyWriter.FlushAsync(CancellationToken);
        }
        finally
        {
            await (Ending?.EndWriteAsync() ?? Task.CompletedTask);
        }
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("CreatePropagationToken is not supported; use EnableCallContextPropagation of the client factory.");

    private static Metadata ReadHeaders(IHeaderDictionary headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers)
        {
            if (name.StartsWith(':') || TransportHeaders.Contains(name))
            {
                continue;
            }

            foreach (var value in values)
            {
                Append(metadata, name, value ?? "");
            }
        }

        return metadata;
    }

    private static void Append(Metadata metadata, string name, string value)
    {
        if (!name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
        {
            metadata.Add(name, value);
            return;
        }

        // Several binary values of one name may arrive joined by commas.
        foreach (var part in value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (GrpcProtocol.DecodeBinary(part) is { } bytes)
            {
                metadata.Add(name, bytes);
            }
        }
    }
}
