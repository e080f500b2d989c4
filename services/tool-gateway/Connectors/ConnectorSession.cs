using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Mainstay.ToolGateway.Connectors;

/// <summary>A conversation with an MCP server that was started, and the tools that it has.</summary>
internal sealed partial class ConnectorSession(McpClient client, string connector, ConnectorSecrets secrets, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan LongestNotification = TimeSpan.FromSeconds(2);

    private volatile IReadOnlyDictionary<string, ConnectorTool> tools = new Dictionary<string, ConnectorTool>();
    private volatile string? loss;
    private long lastCall;
    private IAsyncDisposable? changes;

    /// <summary>Whether the server is still there.</summary>
    public bool IsAlive => loss is null && !client.Completion.IsCompleted;

    /// <summary>The server's tools.</summary>
    public IReadOnlyCollection<ConnectorTool> Tools => [.. tools.Values];

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

    /// <summary>Calls a tool; the server is told when nobody waits for the answer any more.</summary>
    public async Task<CallToolResult> CallAsync(string name, JsonObject arguments, CancellationToken cancellationToken)
    {
        var parameters = new CallToolRequestParams
        {
            Name = name,
            Arguments = arguments.ToDictionary(argument => argument.Key, argument => JsonSerializer.SerializeToElement(argument.Value)),
        };
        var call = new JsonRpcRequest
        {
            Id = new RequestId($"call-{Interlocked.Increment(ref lastCall)}"),
            Method = RequestMethods.ToolsCall,
            Params = JsonSerializer.SerializeToNode(parameters, McpJsonUtilities.DefaultOptions),
        };
        try
        {
            return Read(await client.SendRequestAsync(call, cancellationToken));
        }
        catch (OperationCanceledException)
        {
            await TellCancelledAsync(call.Id);
            throw;
        }
    }

    /// <summary>Whether a server refuses because it does not know this session, as one does that was started anew; then it has done nothing.</summary>
    public async Task<bool> IsForgottenAsync(McpProtocolException refusal, CancellationToken cancellationToken)
    {
        // Servers have no code for it but these, which a tool may use as well; the session's own ping tells.
        if ((int)refusal.ErrorCode is not (-32000 or -32001))
        {
            return false;
        }

        try
        {
            await client.PingAsync(cancellationToken: cancellationToken);
            return false;
        }
        catch (McpProtocolException e)
        {
            return e.ErrorCode == refusal.ErrorCode;
        }
    }

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

    private static CallToolResult Read(JsonRpcResponse response)
    {
        try
        {
            return response.Result.Deserialize<CallToolResult>(McpJsonUtilities.DefaultOptions) ?? throw new JsonException("it is null");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new McpProtocolException($"The tool has run, but its result cannot be read: {e.Message}", McpErrorCode.ParseError);
        }
    }

    // The library would, but its own wait ends first and takes the notification back with it.
    private async Task TellCancelledAsync(RequestId id)
    {
        using var patience = new CancellationTokenSource(LongestNotification);
        try
        {
            await client.SendNotificationAsync(NotificationMethods.CancelledNotification, new CancelledNotificationParams { RequestId = id }, cancellationToken: patience.Token);
        }
        catch (Exception e)
        {
            Log.NotTold(logger, connector, secrets.Hide(e.Message));
        }
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

        [LoggerMessage(Level = LogLevel.Warning, Message = "The connector {Connector} could not be told that a call was cancelled and may go on with it: {Why}")]
        public static partial void NotTold(ILogger logger, string connector, string why);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The connector {Connector} has changed its tools but does not list them, so that the former ones stand: {Why}")]
        public static partial void NotListed(ILogger logger, string connector, string why);
    }
}
