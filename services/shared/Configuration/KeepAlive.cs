using Microsoft.Extensions.Configuration;

namespace Mainstay.ServiceDefaults.Configuration;

/// <summary>How soon a connection whose other end is silent is asked whether it still lives.</summary>
internal static class KeepAlive
{
    /// <summary>Reads <c>grpc.keep_alive</c>, for which both ends of a connection take no less than a second.</summary>
    public static TimeSpan Of(IConfiguration configuration)
    {
        var delay = configuration.Duration("grpc:keep_alive", TimeSpan.FromSeconds(30));
        return delay >= TimeSpan.FromSeconds(1) ? delay : throw new MainstayConfigurationException("'grpc:keep_alive' must be 1s or more.");
    }
}
