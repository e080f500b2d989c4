using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Mainstay.Audit.Sinks.Http;

/// <summary>Sends one request at a time to a receiver over HTTP, and turns whatever happens into an answer.</summary>
internal sealed class SinkHttp(TimeSpan timeout, TimeProvider clock) : IDisposable
{
    private const int MostAnswerBytes = 1024 * 1024;

    private readonly HttpClient http = new(NewHandler()) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>How sinks connect: directly, or by the proxy of the surroundings. A redirect would carry events and credentials to an address that nobody configured.</summary>
    public static SocketsHttpHandler NewHandler(IWebProxy? proxy = null) => new()
    {
        AllowAutoRedirect = false,
        ConnectCallback = ConnectAsync,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        Proxy = new GuardedProxy(proxy ?? HttpClient.DefaultProxy),
    };

    /// <summary>Sends a request; what went wrong is said without addresses, headers or bodies, which may hold secrets.</summary>
    public async Task<HttpAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var body = await ReadAsync(response.Content, either.Token);
            return new HttpAnswer((int)response.StatusCode, body, RetryAfter(response.Headers.RetryAfter), $"it answered {(int)response.StatusCode}");
        }
        catch (HttpRequestException exception)
        {
            return HttpAnswer.None($"it could not be reached ({exception.HttpRequestError})");
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && !cancellationToken.IsCancellationRequested)
        {
            return HttpAnswer.None(exception is IOException ? "it closed the connection" : $"it did not answer within {timeout}");
        }
    }

    public void Dispose() => http.Dispose();

    // The rest of a long answer changes nothing: what was taken must not come again for its sake.
    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var body = await content.ReadAsStreamAsync(cancellationToken);
        using var start = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (var read = 1; read > 0 && start.Length < MostAnswerBytes;)
        {
            read = await body.ReadAsync(buffer, cancellationToken);
            start.Write(buffer, 0, read);
        }

        return start.ToArray();
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        var allowed = addresses.Where(address => !MetadataAddress.Is(address)).ToArray();
        if (allowed.Length == 0)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "The host has no address that may be used.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - clock.GetUtcNow(),
        _ => null,
    };
}
