using System.Net.Security;
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
        }

        return handler;
    }

    private static SslClientAuthenticationOptions Tls(TlsOptions tls)
    {
        var ssl = new SslClientAuthenticationOptions { TargetHost = tls.Domain };
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
