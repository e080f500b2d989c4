using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Mainstay.ToolGateway.Connectors;

/// <summary>A conversation with an MCP server that was started, and the tools that it has.</summary>
internal sealed partial class ConnectorSession(McpClient client, string connector, ConnectorSecrets secrets, ILogger logger) : IAsyncDisposable
{
    private volatile IReadOnlyDictionary<string, ConnectorTool> tools = new Dictionary<string, ConnectorTool>();
    private volatile string? loss;
    private IAsyncDisposable? changes;

    /// <summary>Whether the server is still there.</summary>
    public bool IsAlive => loss is null && !client.Completion.IsCompleted;

    /// <summary>The server's tools.</summary>
    public IReadOnlyCollection<ConnectorTool> Tools => [.. tools.Values];

    /// <summary>The calling of its tools.</summary>
    public ToolCalls Calls { get; } = new(client, connector, secrets, logger);

    public static async Task<ConnectorSession> OpenAsync(
        IClientTransport transport, string connector, ConnectorSecrets secrets, ILogger logger, CancellationToken cancellationToken)
    {
        var options = new McpClientOptions
        {
            ClientInfo = new Implementation { Name = $"mainstay-{connector}", Version = "1.0.0" },
            InitializationTimeout = Timeout.InfiniteTimeSpan,
        };
        var client = await McpClient.CreateAsync(transport, options, cancellationToken: cancellationToken);
        var session = new ConnectorSession(client, connector, secrets, logger);
        try
        {
            session.changes = client.RegisterNotificationHandler(NotificationMethods.ToolListChangedNotification, (_, token) => session.RefreshAsync(token));
            await session.ListAsync(cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>A tool; null when the server has none of that name.</summary>
    public ConnectorTool? Find(string name) => tools.GetValueOrDefault(name);

    /// <summary>Gives the server up: the next call goes to one that is started anew.</summary>
    public void GiveUp(Exception exception) => loss ??= secrets.Hide(exception.Message);

    /// <summary>How a session that is no longer alive came to its end.</summary>
    public async Task<string> EndingAsync() => client.Completion.IsCompleted && await client.Completion is StdioClientCompletionDetails { ExitCode: { } code }
        ? $"exit code {code}"
        : loss ?? "the connection ended";

    public async ValueTask DisposeAsync()
    {
        if (changes is not null)
        {
            await changes.DisposeAsync();
        }

        await client.DisposeAsync();
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var listed = await client.ListToolsAsync(cancellationToken: cancellationToken);
        tools = listed.DistinctBy(tool => tool.Name).ToDictionary(tool => tool.Name, tool => ConnectorTool.From(tool.ProtocolTool));
    }

    private async ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ListAsync(cancellationToken);
            Log.Changed(logger, connector, tools.Count);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.NotListed(logger, connector, secrets.Hide(e.Message));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The connector {Connector} has changed its tools; there are {Tools} now")]
        public static partial void Changed(ILogger logger, string connector, int tools);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The connector {Connector} has changed its tools but does not list them; the former stand: {Why}")]
        public static partial void NotListed(ILogger logger, string connector, string why);
    }
}
