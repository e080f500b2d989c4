using Mainstay.ServiceDefaults.Schemas;
using Mainstay.ToolGateway.Connectors;
using Mainstay.ToolGateway.Permissions;
using Mainstay.Tools.V1;
using ModelContextProtocol;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>Decides about one call, makes it when it is granted, and stores what came of it.</summary>
internal sealed partial class MakeCall(InvocationStore store, Approvals approvals, TimeProvider clock, ILogger<MakeCall> logger)
{
    private const string Unknown =
        "It is not known whether this call was made: the gateway was killed while it ran. Look at the effect before you call again.";

    public async Task<CallToolResponse> ExecuteAsync(
        ToolInvocation invocation, Connector connector, Policy policy, bool mayHaveBeenCalled, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var decision = policy.Decide(invocation.Tool, invocation.Arguments);
        if (decision.Effect == PermissionEffect.NeedsApproval && invocation.Request.Approval is { } approval)
        {
            await approvals.UseAsync(invocation, approval, cancellationToken);
            decision.Effect = PermissionEffect.Allow;
            decision.Reason = $"Approved by {approval.Approver}. {decision.Reason}".TrimEnd();
        }

        var response = decision.Effect switch
        {
            PermissionEffect.Deny => new CallToolResponse { Outcome = CallOutcome.Denied },
            PermissionEffect.NeedsApproval => new CallToolResponse { Outcome = CallOutcome.NeedsApproval },
            _ => await CallAsync(invocation, connector, mayHaveBeenCalled, cancellationToken),
        };
        response.Decision = decision;
        response.LatencyMs = (long)clock.GetElapsedTime(began).TotalMilliseconds;
        await store.KeepAsync(invocation.Key, response, InvocationAudit.Of(clock, invocation, response));
        Log.Ended(logger, invocation.Tool, response.Outcome, response.LatencyMs);
        return response;
    }

    private async Task<CallToolResponse> CallAsync(ToolInvocation invocation, Connector connector, bool mayHaveBeenCalled, CancellationToken cancellationToken)
    {
        var session = await connector.OpenAsync(cancellationToken);
        var tool = session.Find(invocation.Request.ToolName) ?? throw ToolErrors.ToolNotFound(connector.Name, invocation.Request.ToolName);
        if (mayHaveBeenCalled && !tool.IsRepeatable)
        {
            return Failed(Unknown);
        }

        var violations = JsonSchemaValidator.Validate(tool.InputSchema, invocation.Arguments);
        if (violations.Count > 0)
        {
            return Failed($"The arguments do not fit the tool's schema. {string.Join(' ', violations.Take(10).Select(violation => $"{violation.InstancePath}: {violation.Message}."))}");
        }

        if (invocation.Key is { } key)
        {
            await store.MarkCalledAsync(key);
        }

        return await CallAsync(invocation, connector, session, tool, cancellationToken);
    }

    private static async Task<CallToolResponse> CallAsync(
        ToolInvocation invocation, Connector connector, ConnectorSession session, ConnectorTool tool, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(connector.CallTimeout);
        try
        {
            return ToolOutput.From(await session.CallAsync(tool.Name, invocation.Arguments, patience.Token));
        }
        catch (McpException e) when (session.IsAlive)
        {
            return Failed(e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed($"The tool did not answer within {connector.CallTimeout.TotalSeconds:0.#} s; it may have done its work all the same.");
        }
        catch (Exception e) when (e is McpException or IOException or HttpRequestException or InvalidOperationException)
        {
            return await AfterLossAsync(invocation, connector, tool, patience.Token);
        }
    }

    // The server died under the call: only what may be repeated is called again.
    private static async Task<CallToolResponse> AfterLossAsync(ToolInvocation invocation, Connector connector, ConnectorTool tool, CancellationToken cancellationToken)
    {
        if (!tool.IsRepeatable)
        {
            return Failed("The connector died during this call; it is not known whether the call was made. Look at the effect before you call again.");
        }

        var session = await connector.OpenAsync(cancellationToken);
        try
        {
            return ToolOutput.From(await session.CallAsync(tool.Name, invocation.Arguments, cancellationToken));
        }
        catch (Exception e) when (e is McpException or IOException or HttpRequestException or InvalidOperationException)
        {
            return Failed($"The connector died during this call, twice: {e.Message}");
        }
    }

    private static CallToolResponse Failed(string why) => new() { Outcome = CallOutcome.Failed, Output = why };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The call of {Tool} ended as {Outcome} after {LatencyMs} ms")]
        public static partial void Ended(ILogger logger, string tool, CallOutcome outcome, long latencyMs);
    }
}
