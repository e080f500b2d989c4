using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace Grpc.Net.ClientFactory;

/// <summary>How the clients of one name are made.</summary>
public class GrpcClientFactoryOptions
{
    /// <summary>The server's address.</summary>
    public Uri? Address { get; set; }

    /// <summary>Changes to the channel's options.</summary>
    public IList<Action<GrpcChannelOptions>> ChannelOptionsActions { get; } = [];

    /// <summary>Changes to every call's options.</summary>
    public IList<Action<CallOptionsContext>> CallOptionsActions { get; } = [];

    /// <summary>Interceptors, in the order in which they see a call.</summary>
    public IList<InterceptorRegistration> InterceptorRegistrations { get; } = [];
}

/// <summary>The options of one call, to be changed before it is made.</summary>
public class CallOptionsContext(CallOptions callOptions, IServiceProvider serviceProvider)
{
    /// <summary>The call's options.</summary>
    public CallOptions CallOptions { get; set; } = callOptions;

    /// <summary>The application's services.</summary>
    public IServiceProvider ServiceProvider { get; } = serviceProvider;
}

/// <summary>For whom an interceptor is made.</summary>
public enum InterceptorScope
{
    /// <summary>Once for the channel.</summary>
    Channel = 0,

    /// <summary>For each client.</summary>
    Client = 1,
}

/// <summary>An interceptor and for whom it is made.</summary>
public class InterceptorRegistration(InterceptorScope scope, Func<IServiceProvider, Interceptor> creator)
{
    /// <summary>For whom it is made.</summary>
    public InterceptorScope Scope { get; } = scope;

    internal Func<IServiceProvider, Interceptor> Creator { get; } = creator;
}
