using Temporalio.Client.Interceptors;

namespace Temporalio.Client;

/// <summary>Starts and reaches workflows over a connection.</summary>
public partial class TemporalClient : ITemporalClient
{
    public TemporalClient(ITemporalConnection connection, TemporalClientOptions options)
    {
        Connection = connection;
        Options = options;
        foreach (var plugin in options.Plugins ?? [])
        {
            plugin.ConfigureClient(options);
        }

        OutboundInterceptor = new Outbound(this);
        foreach (var interceptor in (options.Interceptors ?? []).Reverse())
        {
            OutboundInterceptor = interceptor.InterceptClient(OutboundInterceptor);
        }
    }

    public ITemporalConnection Connection { get; private init; }

    public WorkflowService WorkflowService => Connection.WorkflowService;

    public OperatorService OperatorService => Connection.OperatorService;

    public TemporalClientOptions Options { get; private init; }

    public ClientOutboundInterceptor OutboundInterceptor { get; private init; }

    /// <summary>Connects, and fails if the server does not answer.</summary>
    public static async Task<TemporalClient> ConnectAsync(TemporalClientConnectOptions options) =>
        new(await ConnectThroughPluginsAsync(options).ConfigureAwait(false), options.ToClientOptions());

    /// <summary>A client that connects with its first call.</summary>
    public static TemporalClient CreateLazy(TemporalClientConnectOptions options) =>
        new(TemporalConnection.CreateLazy(options), options.ToClientOptions());

    private static Task<TemporalConnection> ConnectThroughPluginsAsync(TemporalClientConnectOptions options)
    {
        Func<TemporalClientConnectOptions, Task<TemporalConnection>> connect = TemporalConnection.ConnectAsync;
        foreach (var plugin in (options.Plugins ?? []).Reverse())
        {
            var inner = connect;
            connect = given => plugin.ConnectAsync(given, inner);
        }

        return connect(options);
    }
}
