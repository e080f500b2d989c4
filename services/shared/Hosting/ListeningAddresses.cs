using System.Net;
using Mainstay.ServiceDefaults.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;

namespace Mainstay.ServiceDefaults.Hosting;

internal static class ListeningAddresses
{
    /// <summary>Listens for gRPC and for HTTP/1.1 on <c>services.*.listen</c>, by default the host by which the others reach the service.</summary>
    public static void AddListeningAddresses(this WebApplicationBuilder builder, string service)
    {
        var address = Address(builder.Configuration, service);
        var grpc = builder.Configuration.RequiredNumber($"services:{service}:grpc");
        var http = builder.Configuration.RequiredNumber($"services:{service}:http");
        var keepAlive = KeepAlive.Of(builder.Configuration);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.Http2.KeepAlivePingDelay = keepAlive;
            kestrel.Limits.Http2.KeepAlivePingTimeout = keepAlive;
            kestrel.Listen(address, grpc, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(address, http, listen => listen.Protocols = HttpProtocols.Http1);
        });
    }

    private static IPAddress Address(IConfiguration configuration, string service)
    {
        var key = configuration[$"services:{service}:listen"] is { Length: > 0 } ? $"services:{service}:listen" : $"services:{service}:host";
        var text = configuration.Required(key);
        return IPAddress.TryParse(text, out var address)
            ? address
            : throw new MainstayConfigurationException(
                $"'{key}' is '{text}', which is no address to listen on. Where the host is a name, set 'services:{service}:listen' to an address such as 0.0.0.0.");
    }
}
