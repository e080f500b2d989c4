using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.Net.ClientFactory;

/// <summary>Keeps one channel for each name; clients on it are light.</summary>
internal sealed class GrpcChannels(IServiceProvider services, IOptionsMonitor<GrpcClientFactoryOptions> options, IHttpMessageHandlerFactory handlers) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<(GrpcChannel Channel, CallInvoker Invoker)>> channels = [];

    public CallInvoker Invoker(string name) => channels.GetOrAdd(name, n => new(() => Create(n))).Value.Invoker;

    public void Dispose()
    {
        foreach (var created in channels.Values.Where(created => created.IsValueCreated))
        {
            created.Value.Channel.Dispose();
        }
    }

    private (GrpcChannel Channel, CallInvoker Invoker) Create(string name)
    {
        var settings = options.Get(name);
        var channelOptions = new GrpcChannelOptions
        {
            HttpHandler = handlers.CreateHandler(name),
            LoggerFactory = services.GetService<ILoggerFactory>(),
            ServiceProvider = services,
        };
        foreach (var change in settings.ChannelOptionsActions)
        {
            change(channelOptions);
        }

        var address = settings.Address
            ?? throw new InvalidOperationException($"Could not resolve the address for gRPC client '{name}'. Set an address when registering the client: services.AddGrpcClient<T>(o => o.Address = new Uri(\"https://localhost:5001\")).");
        var channel = GrpcChannel.ForAddress(address, channelOptions);
        var invoker = Intercept(channel.CreateCallInvoker(), settings, InterceptorScope.Channel, services);
        return (channel, invoker);
    }

    internal static CallInvoker Intercept(CallInvoker invoker, GrpcClientFactoryOptions settings, InterceptorScope scope, IServiceProvider services) =>
        invoker.Intercept([.. settings.InterceptorRegistrations.Where(each => each.Scope == scope).Select(each => each.Creator(services))]);
}

internal sealed class DefaultGrpcClientFactory(IServiceProvider services, GrpcChannels channels, IOptionsMonitor<GrpcClientFactoryOptions> options) : GrpcClientFactory
{
    public override TClient CreateClient<TClient>(string name)
    {
        var settings = options.Get(name);
        var invoker = GrpcChannels.Intercept(channels.Invoker(name), settings, InterceptorScope.Client, services);
        if (settings.CallOptionsActions.Count > 0)
        {
            invoker = invoker.Intercept(new CallOptionsInterceptor(settings.CallOptionsActions, services));
        }

        return (TClient)Activator.CreateInstance(typeof(TClient), invoker)!;
    }
}
