using System.Text.Json;
using Google.Rpc;
using Grpc.Core;
using Mainstay.BusContracts;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>Words the audit event of a call; of its arguments only the path goes in.</summary>
internal static class InvocationAudit
{
    private const int LongestPath = 1024;

    /// <summary>The event of a call that was answered.</summary>
    public static AuditEvent Of(TimeProvider clock, ToolInvocation invocation, CallToolResponse response) => Of(
        clock,
        invocation,
        response.Decision,
        response.Outcome switch
        {
            CallOutcome.Succeeded => "success",
            CallOutcome.Denied => "denied",
            CallOutcome.NeedsApproval => "needs_approval",
            _ => "failure",
        },
        response.LatencyMs);

    /// <summary>The event of a call that ended in an error.</summary>
    public static AuditEvent Unanswered(TimeProvider clock, ToolInvocation invocation, PermissionDecision decision, TimeSpan latency, Exception exception)
    {
        var (result, reason) = exception switch
        {
            RpcException { StatusCode: StatusCode.PermissionDenied } e => ("denied", ReasonOf(e)),
            RpcException e => ("failure", ReasonOf(e)),
            OperationCanceledException => ("failure", "CANCELLED"),
            _ => ("failure", "INTERNAL"),
        };
        return Of(clock, invocation, decision, result, (long)latency.TotalMilliseconds, ("reason", reason));
    }

    private static string ReasonOf(RpcException exception) => exception.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Type ?? exception.StatusCode.ToString();

    private static AuditEvent Of(
        TimeProvider clock,
        ToolInvocation invocation,
        PermissionDecision decision,
        string result,
        long latencyMs,
        params IEnumerable<(string Name, string Value)> attributes)
    {
        var (request, caller, scope) = (invocation.Request, invocation.Caller, invocation.Request.Scope ?? new CallScope());
        return new AuditEvent
        {
            EventId = AuditEvent.NewId(clock),
            Timestamp = clock.GetUtcNow(),
            WorkflowId = scope.WorkflowId,
            ActivityId = scope.ActivityId,
            AgentId = scope.AgentId,
            Action = "tool_call",
            Result = result,
            Service = "tool-gateway",
            RbacScope = caller.RbacScope,
            Resource = new AuditResource { Connector = request.Connector, ProjectId = caller.Project, DocumentName = PathOf(invocation) },
            UserContext = new AuditUserContext { InitiatedBy = caller.Subject, OnBehalfOf = caller.OnBehalfOf },
            LatencyMs = latencyMs,
            Policy = PolicyOf(decision),
            Attributes = Attributes(invocation).Concat(attributes).ToDictionary(attribute => attribute.Name, attribute => attribute.Value),
        };
    }

    private static AuditPolicy PolicyOf(PermissionDecision decision) => new()
    {
        Decision = decision.Effect switch
        {
            PermissionEffect.Deny => "deny",
            PermissionEffect.NeedsApproval => "needs_approval",
            _ => "allow",
        },
        Level = decision.Level.ToString().ToLowerInvariant(),
        Rule = decision.RuleName,
        PolicyVersion = decision.PolicyVersion,
        Reason = decision.Reason,
    };

    private static IEnumerable<(string Name, string Value)> Attributes(ToolInvocation invocation)
    {
        yield return ("tool_name", invocation.Request.ToolName);
        yield return ("arguments_digest", invocation.ArgumentsDigest);
        if (invocation.Request.Approval is { } approval)
        {
            yield return ("approval_id", approval.ApprovalId);
            yield return ("approver", approval.Approver);
        }
    }

    // The trail cannot hold U+0000, and a path has no use for other control characters either.
    private static string PathOf(ToolInvocation invocation) =>
        invocation.Arguments["path"] is { } path && path.GetValueKind() == JsonValueKind.String
            ? string.Concat(path.GetValue<string>().Where(character => !char.IsControl(character)).Take(LongestPath))
            : "";
}
