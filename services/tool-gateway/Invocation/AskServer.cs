using System.Net;
using Grpc.Core;
using Mainstay.ToolGateway.Connectors;
using Mainstay.Tools.V1;
using ModelContextProtocol;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>Asks an MCP server for one call, once; a second time only when the first did not arrive or does no harm.</summary>
internal sealed class AskServer
{
    public async Task<CallToolResponse> ExecuteAsync(
        ToolInvocation invocation, Connector connector, ConnectorSession session, ConnectorTool tool, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(connector.CallTimeout);
        try
        {
            return await AskAsync(invocation, connector, session, tool, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ToolOutput.Failed($"The tool did not answer within {connector.CallTimeout.TotalSeconds:0.#} s; it may have done its work all the same.");
        }
    }

    private static async Task<CallToolResponse> AskAsync(
        ToolInvocation invocation, Connector connector, ConnectorSession session, ConnectorTool tool, CancellationToken cancellationToken)
    {
        try
        {
            return await AskOnceAsync(invocation, session, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            session.GiveUp(e);
            return tool.IsRepeatable || NeverArrived(e)
                ? await AskAgainAsync(invocation, connector, cancellationToken)
                : ToolOutput.Failed(
                    $"The connector '{connector.Name}' died during this call; it is not known whether the call was made. "
                    + "Look at the effect before you call again.");
        }
    }

    private static async Task<CallToolResponse> AskAgainAsync(ToolInvocation invocation, Connector connector, CancellationToken cancellationToken)
    {
        try
        {
            return await AskOnceAsync(invocation, await connector.OpenAsync(cancellationToken), cancellationToken);
        }
        catch (RpcException e)
        {
            return ToolOutput.Failed($"The connector died before it answered. {e.Status.Detail}");
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return ToolOutput.Failed($"The connector '{connector.Name}' died during this call, and again when it was called a second time.");
        }
    }

    private static async Task<CallToolResponse> AskOnceAsync(ToolInvocation invocation, ConnectorSession session, CancellationToken cancellationToken)
    {
        try
        {
            return ToolOutput.From(await session.Calls.MakeAsync(invocation.Request.ToolName, invocation.Arguments, cancellationToken));
        }
        catch (McpProtocolException e)
        {
            if (await session.Calls.AreForgottenAsync(e, cancellationToken))
            {
                throw;
            }

            // The server lives and refuses.
            return ToolOutput.Failed(e.Message);
        }
    }

    // A server that was started anew does not know the conversation and says so by 404, or by an error of the protocol; no other such error comes here.
    private static bool NeverArrived(Exception exception) => exception is
        McpProtocolException
        or HttpRequestException { StatusCode: HttpStatusCode.NotFound }
        or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };
}
