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
            return await AskAsync(invocation, session, tool, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            session.GiveUp(e);
            if (!tool.IsRepeatable && !NeverArrived(e))
            {
                return ToolOutput.Failed($"The connector '{connector.Name}' died during this call; it is not known whether the call was made. Look at the effect before you call again.");
            }
        }

        try
        {
            var anew = await connector.OpenAsync(cancellationToken);
            return await AskAsync(invocation, anew, tool, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return ToolOutput.Failed(e is RpcException refusal ? $"The connector died before it answered. {refusal.Status.Detail}" : $"The connector '{connector.Name}' died during this call, and again when it was called a second time.");
        }
    }

    private static async Task<CallToolResponse> AskAsync(ToolInvocation invocation, ConnectorSession session, ConnectorTool tool, CancellationToken cancellationToken)
    {
        try
        {
            return ToolOutput.From(await session.CallAsync(tool.Name, invocation.Arguments, cancellationToken));
        }
        catch (McpProtocolException e)
        {
            if (await session.IsForgottenAsync(e, cancellationToken))
            {
                throw;
            }

            // The server lives and refuses.
            return ToolOutput.Failed(e.Message);
        }
    }

    // A server that has been started anew does not know the session: it answers 404, or with an error of the protocol, which come here only then.
    private static bool NeverArrived(Exception exception) => exception is
        McpProtocolException
        or HttpRequestException { StatusCode: HttpStatusCode.NotFound }
        or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };
}
