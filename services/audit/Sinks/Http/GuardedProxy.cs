using System.Net;

namespace Mainstay.Audit.Sinks.Http;

/// <summary>A proxy that is not asked for the addresses that are barred, so that they stay barred; what a name stands for is the proxy's affair.</summary>
internal sealed class GuardedProxy(IWebProxy inner) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => inner.Credentials;
        set => inner.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => inner.GetProxy(destination);

    public bool IsBypassed(Uri host) => (IPAddress.TryParse(host.IdnHost, out var address) && MetadataAddress.Is(address)) || inner.IsBypassed(host);
}
