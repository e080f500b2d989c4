using Mainstay.ToolGateway.Permissions;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>Holds an approval to whoever may present one, and to exactly the arguments that a person saw.</summary>
internal static class ApprovalChecks
{
    public static void Check(ToolInvocation invocation)
    {
        if (invocation.Request.Approval is not { } approval)
        {
            return;
        }

        foreach (var (field, text) in (ReadOnlySpan<(string, string)>)[("approval_id", approval.ApprovalId), ("approver", approval.Approver)])
        {
            if (text.Length == 0 || !PlainText.Is(text, PlainText.LongestName))
            {
                throw ToolErrors.FieldInvalid(($"approval.{field}", $"must be 1 to {PlainText.LongestName} characters, none of them a control character"));
            }
        }

        if (!invocation.Caller.IsService)
        {
            throw ToolErrors.RoleMissing("Approvals are presented by the role 'service' alone: approve the call in the orchestrator, which presents it.");
        }

        if (approval.ArgumentsDigest != invocation.ArgumentsDigest)
        {
            throw ToolErrors.ApprovalMismatch(approval.ApprovalId, "is for other arguments. Ask for the approval of these.");
        }
    }
}
