using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Temporalio.Client.Transport;

/// <summary>The HTTP/2 handler with TLS and keep-alive as the options say.</summary>
internal static class TransportHandler
{
    public static SocketsHttpHandler Create(TemporalConnectionOptions options, bool secure)
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true, AllowAutoRedirect = false, UseCookies = false };
        if (options.KeepAlive is { } keepAlive)
        {
            handler.KeepAlivePingDelay = keepAlive.Interval;
            handler.KeepAlivePingTimeout = keepAlive.Timeout;
        }

        if (secure && options.Tls is { } tls)
        {
            handler.SslOptions = Tls(tls);
            if (tls.Domain is { Length: > 0 })
            {
                var target = new Uri($"https://{options.TargetHost}");
                handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(target, cancellationToken);
            }
        }

        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(Uri target, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target.IdnHost, target.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SslClientAuthenticationOptions Tls(TlsOptions tls)
    {
        var ssl = new SslClientAuthenticationOptions();
        if (tls.ServerRootCACert is { } root)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPem(System.Text.Encoding.UTF8.GetString(root));
            ssl.CertificateChainPolicy = policy;
        }

        if (tls.ClientCert is { } certificate && tls.ClientPrivateKey is { } key)
        {
            ssl.ClientCertificates = [X509Certificate2.CreateFromPem(System.Text.Encoding.UTF8.GetString(certificate), System.Text.Encoding.UTF8.GetString(key))];
        }

        return ssl;
    }
}
