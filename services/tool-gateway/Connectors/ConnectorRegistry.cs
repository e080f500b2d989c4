namespace Mainstay.ToolGateway.Connectors;

/// <summary>The connectors by name.</summary>
internal sealed class ConnectorRegistry(IReadOnlyList<ConnectorOptions> options, ILoggerFactory loggers, TimeProvider clock) : IAsyncDisposable
{
    private readonly Dictionary<string, Connector> connectors = options.ToDictionary(one => one.Name, one => new Connector(one, loggers, clock));

    /// <summary>Every connector's name.</summary>
    public IEnumerable<string> Names => connectors.Keys.Order(StringComparer.Ordinal);

    /// <summary>A connector; refuses a name that is not configured.</summary>
    public Connector Find(string name) => connectors.TryGetValue(name, out var connector) ? connector : throw ToolErrors.ConnectorNotFound(name);

    // Each server is given time to end in good order; all at once, so that one that does not heed is waited for once.
    public async ValueTask DisposeAsync() => await Task.WhenAll(connectors.Values.Select(connector => connector.DisposeAsync().AsTask()));
}
