using Temporalio.Client.Interceptors;

namespace Temporalio.Client;

/// <summary>Starts and reaches workflows over a connection.</summary>
public partial class TemporalClient : ITemporalClient
{
    public TemporalClient(ITemporalConnection connection, TemporalClientOptions options)
    {
        Connection = connection;
        Options = options;
        OutboundInterceptor = new Outbound(this);
        foreach (var interceptor in (options.Interceptors ?? []).Reverse())
        {
            OutboundInterceptor = interceptor.InterceptClient(OutboundInterceptor);
        }
    }

    public ITemporalConnection Connection { get; private init; }

    public WorkflowService WorkflowService => Connection.WorkflowService;

    public TemporalClientOptions Options { get; private init; }

    public ClientOutboundInterceptor OutboundInterceptor { get; private init; }

    /// <summary>Connects, and fails if the server does not answer.</summary>
    public static async Task<TemporalClient> ConnectAsync(TemporalClientConnectOptions options) =>
        new(await TemporalConnection.ConnectAsync(options).ConfigureAwait(false), options.ToClientOptions());

    /// <summary>A client that connects with its first call.</summary>
    public static TemporalClient CreateLazy(TemporalClientConnectOptions options) =>
        new(TemporalConnection.CreateLazy(options), options.ToClientOptions());
}
