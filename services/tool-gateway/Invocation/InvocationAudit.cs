using System.Text.Json;
using Mainstay.BusContracts;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>Words the audit event of a call; of its arguments only the path goes in.</summary>
internal static class InvocationAudit
{
    private const int LongestPath = 1024;

    public static AuditEvent Of(TimeProvider clock, ToolInvocation invocation, CallToolResponse response)
    {
        var scope = invocation.Request.Scope ?? new CallScope();
        var caller = invocation.Caller;
        var decision = response.Decision;
        var attributes = new Dictionary<string, string> { ["tool_name"] = invocation.Request.ToolName, ["arguments_digest"] = invocation.ArgumentsDigest };
        if (invocation.Request.Approval is { } approval)
        {
            attributes["approval_id"] = approval.ApprovalId;
            attributes["approver"] = approval.Approver;
        }

        return new AuditEvent
        {
            EventId = AuditEvent.NewId(clock),
            Timestamp = clock.GetUtcNow(),
            WorkflowId = scope.WorkflowId,
            ActivityId = scope.ActivityId,
            AgentId = scope.AgentId,
            Action = "tool_call",
            Result = response.Outcome switch
            {
                CallOutcome.Succeeded => "success",
                CallOutcome.Denied => "denied",
                CallOutcome.NeedsApproval => "needs_approval",
                _ => "failure",
            },
            Service = "tool-gateway",
            RbacScope = caller.RbacScope,
            Resource = new AuditResource { Connector = invocation.Request.Connector, ProjectId = caller.Project, DocumentName = PathOf(invocation) },
            UserContext = new AuditUserContext { InitiatedBy = caller.Subject, OnBehalfOf = caller.OnBehalfOf },
            LatencyMs = response.LatencyMs,
            Policy = new AuditPolicy
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
            },
            Attributes = attributes,
        };
    }

    private static string PathOf(ToolInvocation invocation) =>
        invocation.Arguments["path"] is { } path && path.GetValueKind() == JsonValueKind.String && path.GetValue<string>() is var text
            ? text.Length > LongestPath ? text[..LongestPath] : text
            : "";
}
