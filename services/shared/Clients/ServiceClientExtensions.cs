using Mainstay.ServiceDefaults.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Mainstay.ServiceDefaults.Clients;

/// <summary>Gives a service clients of the others.</summary>
public static class ServiceClientExtensions
{
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Adds a client of another service: its address from the configuration, this service's token, a deadline of 30 s unless a call sets one.
    /// Its failures are <see cref="ServiceCallException"/>s.
    /// </summary>
    public static WebApplicationBuilder AddServiceClient<TClient>(this WebApplicationBuilder builder, string service)
        where TClient : class
    {
        var configuration = builder.Configuration;
        var address = new Uri($"http://{configuration.Required($"services:{service}:host")}:{configuration.RequiredNumber($"services:{service}:grpc")}");
        var tokenFile = configuration.Required("auth:service_token_file");
        var keepAlive = KeepAlive.Of(configuration);
        builder.Services.AddGrpcClient<TClient>(options =>
            {
                options.Address = address;
                options.CallOptionsActions.Add(call =>
                {
                    if (call.CallOptions.Deadline is null)
                    {
                        call.CallOptions = call.CallOptions.WithDeadline(
                            call.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime + DefaultDeadline);
                    }
                });
            })
            .AddInterceptor(() => new ServiceCallInterceptor(service))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                // A peer that vanished without a word is found out before the deadline of the calls to it.
                KeepAlivePingDelay = keepAlive,
                KeepAlivePingTimeout = keepAlive,
                EnableMultipleHttp2Connections = true,
                AllowAutoRedirect = false,
                UseProxy = false,
            })
            .ConfigureChannel(channel => channel.UnsafeUseInsecureChannelCallCredentials = true)
            .AddCallCredentials(async (context, metadata) =>
                metadata.Add("authorization", $"Bearer {(await File.ReadAllTextAsync(tokenFile, context.CancellationToken)).Trim()}"));
        return builder;
    }
}
