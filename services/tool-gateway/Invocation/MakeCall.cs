using Mainstay.Tools.V1;
using Npgsql;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>Decides about one call, makes it when it is granted, and stores what came of it.</summary>
internal sealed partial class MakeCall(InvocationStore store, BeginCall beginCall, AskServer askServer, TimeProvider clock, ILogger<MakeCall> logger)
{
    private const int MostViolations = 10;

    public async Task<CallToolResponse> ExecuteAsync(PlannedCall call, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var invocation = call.Invocation;
        var decision = call.Policy.Decide(invocation.Tool, invocation.Arguments);
        try
        {
            var response = await AnswerAsync(call, decision, cancellationToken);
            response.Decision = decision;
            response.LatencyMs = (long)clock.GetElapsedTime(began).TotalMilliseconds;
            await KeepAsync(invocation, response);
            Log.Ended(logger, invocation.Tool, response.Outcome, response.LatencyMs);
            return response;
        }
        catch (Exception e) when (e is not NpgsqlException)
        {
            await store.RecordAsync(InvocationAudit.Unanswered(clock, invocation, decision, clock.GetElapsedTime(began), e));
            throw;
        }
    }

    private async Task<CallToolResponse> AnswerAsync(PlannedCall call, PermissionDecision decision, CancellationToken cancellationToken)
    {
        if (call.MayHaveBeenCalled)
        {
            return ToolOutput.Failed("It is not known whether this call was made: the gateway was killed while it ran. Look at the effect before you call again.");
        }

        if (decision.Effect == PermissionEffect.Deny)
        {
            return new CallToolResponse { Outcome = CallOutcome.Denied };
        }

        var (invocation, connector) = (call.Invocation, call.Connector);
        var session = await connector.OpenAsync(cancellationToken);
        var tool = session.Find(invocation.Request.ToolName) ?? throw ToolErrors.ToolNotFound(connector.Name, invocation.Request.ToolName);

        // Before anybody is asked to approve: a person's time is not for calls that cannot be made.
        if (tool.Check(invocation.Arguments) is { Count: > 0 } violations)
        {
            var places = violations.Take(MostViolations).Select(violation => $"{violation.InstancePath}: {violation.Message}.");
            return ToolOutput.Failed($"The arguments do not fit the tool's schema. {string.Join(' ', places)}");
        }

        var needsApproval = decision.Effect == PermissionEffect.NeedsApproval;
        if (needsApproval && invocation.Request.Approval is null)
        {
            return new CallToolResponse { Outcome = CallOutcome.NeedsApproval };
        }

        await beginCall.ExecuteAsync(invocation, needsApproval, tool.IsRepeatable, cancellationToken);
        if (needsApproval)
        {
            decision.Effect = PermissionEffect.Allow;
            decision.Reason = $"Approved by {invocation.Request.Approval.Approver}. {decision.Reason}".TrimEnd();
        }

        return await askServer.ExecuteAsync(invocation, connector, session, tool, cancellationToken);
    }

    private async Task KeepAsync(ToolInvocation invocation, CallToolResponse response)
    {
        var auditEvent = InvocationAudit.Of(clock, invocation, response);
        if (!await Persistently.DoAsync(() => store.KeepAsync(invocation.Key, response, auditEvent), clock))
        {
            // What was done was done, even though the stored result is another's.
            Log.TakenOver(logger, invocation.Tool, invocation.Key!.Key);
            await store.RecordAsync(auditEvent);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The call of {Tool} ended as {Outcome} after {LatencyMs} ms")]
        public static partial void Ended(ILogger logger, string tool, CallOutcome outcome, long latencyMs);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The call of {Tool} under the key {IdempotencyKey} was taken over while it ran; another result is stored")]
        public static partial void TakenOver(ILogger logger, string tool, string idempotencyKey);
    }
}
