using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>What a channel's credentials come to: TLS or not, and what is added to each call.</summary>
internal sealed class ChannelSecurity : ChannelCredentialsConfiguratorBase
{
    public bool IsSecure { get; private set; }

    public string? RootCertificates { get; private set; }

    public KeyCertificatePair? ClientCertificate { get; private set; }

    public List<CallCredentials> CallCredentials { get; } = [];

    public static ChannelSecurity Read(ChannelCredentials? credentials, Uri address, bool allowInsecureCallCredentials)
    {
        var security = new ChannelSecurity { IsSecure = address.Scheme == Uri.UriSchemeHttps };
        if (credentials is null)
        {
            return security;
        }

        credentials.InternalPopulateConfiguration(security, security);
        if (security.IsSecure != (address.Scheme == Uri.UriSchemeHttps))
        {
            throw new InvalidOperationException(
                $"Channel is configured with {(security.IsSecure ? "secure" : "insecure")} channel credentials and cannot use a HttpClient with a '{address.Scheme}' scheme.");
        }

        if (!security.IsSecure && security.CallCredentials.Count > 0 && !allowInsecureCallCredentials)
        {
            throw new InvalidOperationException("Call credentials need a secure channel; set UnsafeUseInsecureChannelCallCredentials to send them without TLS.");
        }

        return security;
    }

    public static SocketsHttpHandler CreateHandler(ChannelSecurity security)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            AllowAutoRedirect = false,
            UseProxy = false,
        };
        if (security.RootCertificates is { } pem)
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(pem);
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        if (security.ClientCertificate is { } pair)
        {
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(
                X509Certificate2.CreateFromPem(pair.CertificateChain, pair.PrivateKey), null);
        }

        return handler;
    }

    public override void SetInsecureCredentials(object state) => IsSecure = false;

    public override void SetSslCredentials(object state, string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback)
    {
        IsSecure = true;
        RootCertificates = rootCertificates;
        ClientCertificate = keyCertificatePair;
    }

    public override void SetCompositeCredentials(object state, ChannelCredentials channelCredentials, CallCredentials callCredentials)
    {
        channelCredentials.InternalPopulateConfiguration(this, state);
        CallCredentials.Add(callCredentials);
    }
}
