using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Mainstay.ToolGateway.Connectors;

/// <summary>A conversation with an MCP server that was started, and the tools that it has.</summary>
internal sealed class ConnectorSession : IAsyncDisposable
{
    private readonly McpClient client;
    private readonly Dictionary<string, ConnectorTool> tools;

    private ConnectorSession(McpClient client, IEnumerable<ConnectorTool> tools)
    {
        this.client = client;
        this.tools = tools.ToDictionary(tool => tool.Name);
    }

    /// <summary>Whether the server is still there.</summary>
    public bool IsAlive => !client.Completion.IsCompleted;

    /// <summary>The server's tools, by name.</summary>
    public IReadOnlyCollection<ConnectorTool> Tools => tools.Values;

    public static async Task<ConnectorSession> OpenAsync(IClientTransport transport, string connector, CancellationToken cancellationToken)
    {
        var client = await McpClient.CreateAsync(
            transport, new McpClientOptions { ClientInfo = new Implementation { Name = $"mainstay-{connector}", Version = "1.0.0" } }, cancellationToken: cancellationToken);
        try
        {
            var tools = await client.ListToolsAsync(cancellationToken: cancellationToken);
            return new ConnectorSession(client, tools.Select(tool => ConnectorTool.From(tool.ProtocolTool)));
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>A tool; null when the server has none of that name.</summary>
    public ConnectorTool? Find(string name) => tools.GetValueOrDefault(name);

    /// <summary>Calls a tool.</summary>
    public async Task<CallToolResult> CallAsync(string name, JsonObject arguments, CancellationToken cancellationToken) => await client.CallToolAsync(
        new CallToolRequestParams
        {
            Name = name,
            Arguments = arguments.ToDictionary(argument => argument.Key, argument => JsonSerializer.SerializeToElement(argument.Value)),
        },
        cancellationToken);

    public ValueTask DisposeAsync() => client.DisposeAsync();
}
