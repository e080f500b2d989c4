namespace Mainstay.ToolGateway.Connectors;

/// <summary>The connectors by name.</summary>
internal sealed class ConnectorRegistry(IReadOnlyList<ConnectorOptions> options, ILoggerFactory loggers, TimeProvider clock) : IAsyncDisposable
{
    private readonly Dictionary<string, Connector> connectors = options.ToDictionary(one => one.Name, one => new Connector(one, loggers, clock));

    /// <summary>Every connector's name.</summary>
    public IEnumerable<string> Names => connectors.Keys.Order(StringComparer.Ordinal);

    /// <summary>A connector; refuses a name that is not configured.</summary>
    public Connector Find(string name) => connectors.TryGetValue(name, out var connector) ? connector : throw ToolErrors.ConnectorNotFound(name);

    public async ValueTask DisposeAsync()
    {
        foreach (var connector in connectors.Values)
        {
            await connector.DisposeAsync();
        }
    }
}
