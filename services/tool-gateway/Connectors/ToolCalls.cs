using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Mainstay.ToolGateway.Connectors;

/// <summary>Calls tools within one conversation with an MCP server.</summary>
internal sealed partial class ToolCalls(McpClient client, string connector, ConnectorSecrets secrets, ILogger logger)
{
    private static readonly TimeSpan LongestNotification = TimeSpan.FromSeconds(2);

    private long lastCall;

    /// <summary>Calls a tool; the server is told when nobody waits for the answer any more. A refusal is an <see cref="McpProtocolException"/>.</summary>
    public async Task<CallToolResult> MakeAsync(string name, JsonObject arguments, CancellationToken cancellationToken)
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

    /// <summary>Whether a server refuses because it does not know this conversation, as one does that was started anew; then it has done nothing.</summary>
    public async Task<bool> AreForgottenAsync(McpProtocolException refusal, CancellationToken cancellationToken)
    {
        // Servers have no code for it but these, which a tool may use as well; a ping tells.
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
        var cancelled = new CancelledNotificationParams { RequestId = id };
        try
        {
            await client.SendNotificationAsync(NotificationMethods.CancelledNotification, cancelled, cancellationToken: patience.Token);
        }
        catch (Exception e)
        {
            Log.NotTold(logger, connector, secrets.Hide(e.Message));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The connector {Connector} was not told that a call is cancelled and may go on with it: {Why}")]
        public static partial void NotTold(ILogger logger, string connector, string why);
    }
}
