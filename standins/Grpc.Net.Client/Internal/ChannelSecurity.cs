using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>What a channel's credentials come to: TLS or not, and what is added to each call.</summary>
internal sealed class ChannelSecurity : ChannelCredentialsConfiguratorBase
{
    public bool IsSecure { get; private set; }

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

    public static SocketsHttpHandler CreateHandler() => new()
    {
        EnableMultipleHttp2Connections = true,
        AllowAutoRedirect = false,
        UseProxy = false,
    };

    public override void SetInsecureCredentials(object state) => IsSecure = false;

    public override void SetSslCredentials(object state, string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback)
    {
        if (!string.IsNullOrEmpty(rootCertificates) || keyCertificatePair is not null || verifyPeerCallback is not null)
        {
            throw new InvalidOperationException(
                $"{nameof(SslCredentials)} with non-null arguments is not supported by {nameof(GrpcChannel)}. {nameof(GrpcChannel)} uses HttpClient to make gRPC calls and HttpClient automatically loads root certificates from the operating system certificate store. Client certificates should be configured on HttpClient. See https://aka.ms/AA6we64 for details.");
        }

        IsSecure = true;
    }

    public override void SetCompositeCredentials(object state, ChannelCredentials channelCredentials, CallCredentials callCredentials)
    {
        channelCredentials.InternalPopulateConfiguration(this, state);
        CallCredentials.Add(callCredentials);
    }
}
