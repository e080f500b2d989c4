using Grpc.Core;
using Mainstay.Tools.V1;
using static Mainstay.ToolGateway.Tests.ToolGatewayFixture;

namespace Mainstay.ToolGateway.Tests.Invocation;

public sealed class ApprovalTests(ToolGatewayFixture gateway) : IClassFixture<ToolGatewayFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CallTool_RuleAsksForApproval_CallsNothing()
    {
        var call = NewApprovedCall(out var mark);

        var response = await gateway.Orchestrator().CallToolAsync(call, cancellationToken: Cancellation);

        Assert.Equal(CallOutcome.NeedsApproval, response.Outcome);
        Assert.Equal(("ask", PermissionLevel.Workflow, "Because of ask."), (response.Decision.RuleName, response.Decision.Level, response.Decision.Reason));
        Assert.Equal(0, gateway.Journal.Count($"append {mark}"));
    }

    [Fact]
    public async Task CallTool_WithTheApproval_CallsTheTool()
    {
        var call = NewApprovedCall(out var mark);
        call.Approval = ApprovalOf(call);

        var response = await gateway.Orchestrator().CallToolAsync(call, cancellationToken: Cancellation);

        Assert.Equal((CallOutcome.Succeeded, $"appended {mark}"), (response.Outcome, response.Output));
        Assert.Equal((PermissionEffect.Allow, "Approved by grace. Because of ask."), (response.Decision.Effect, response.Decision.Reason));
    }

    [Fact]
    public async Task CallTool_FirstRefusedForWantOfApprovalThenApproved_UnderOneKey_CallsTheTool()
    {
        var call = NewApprovedCall(out var mark);
        call.IdempotencyKey = NewName("key");
        Assert.Equal(CallOutcome.NeedsApproval, (await gateway.Orchestrator().CallToolAsync(call, cancellationToken: Cancellation)).Outcome);

        call.Approval = ApprovalOf(call);
        var response = await gateway.Orchestrator().CallToolAsync(call, cancellationToken: Cancellation);

        Assert.Equal(CallOutcome.Succeeded, response.Outcome);
        Assert.Equal(1, gateway.Journal.Count($"append {mark}"));
    }

    [Fact]
    public async Task CallTool_ApprovalOfOtherArguments_IsRefused()
    {
        var call = NewApprovedCall(out var mark);
        call.Approval = ApprovalOf(call);
        call.Arguments.Fields["mark"].StringValue += "-changed";

        await FailsAsync(StatusCode.PermissionDenied, "APPROVAL_MISMATCH", () => gateway.Orchestrator().CallToolAsync(call, cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal(0, gateway.Journal.Count($"append {mark}-changed"));
    }

    [Fact]
    public async Task CallTool_ApprovalUsedBefore_IsRefused()
    {
        var call = NewApprovedCall(out var mark);
        call.Approval = ApprovalOf(call);
        await gateway.Orchestrator().CallToolAsync(call, cancellationToken: Cancellation);

        await FailsAsync(StatusCode.PermissionDenied, "APPROVAL_MISMATCH", () => gateway.Orchestrator().CallToolAsync(call, cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal(1, gateway.Journal.Count($"append {mark}"));
    }

    [Fact]
    public async Task CallTool_ApprovalUsedByManyAtOnce_IsTakenOnce()
    {
        var call = NewApprovedCall(out var mark);
        call.Approval = ApprovalOf(call);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
        {
            var own = call.Clone();
            own.IdempotencyKey = $"{mark}/{i}";
            try
            {
                return (await gateway.Orchestrator().CallToolAsync(own, cancellationToken: Cancellation)).Outcome;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.PermissionDenied)
            {
                return CallOutcome.Unspecified;
            }
        }));

        Assert.Single(outcomes, CallOutcome.Succeeded);
        Assert.Equal(1, gateway.Journal.Count($"append {mark}"));
    }

    [Fact]
    public async Task CallTool_ApprovedCallRetriedUnderItsKey_ReturnsTheStoredResult()
    {
        var call = NewApprovedCall(out var mark);
        call.Approval = ApprovalOf(call);
        call.IdempotencyKey = NewName("key");
        await gateway.Orchestrator().CallToolAsync(call, cancellationToken: Cancellation);

        var again = await gateway.Orchestrator().CallToolAsync(call, cancellationToken: Cancellation);

        Assert.Equal((CallOutcome.Succeeded, true), (again.Outcome, again.Replayed));
        Assert.Equal(1, gateway.Journal.Count($"append {mark}"));
    }

    [Fact]
    public async Task CallTool_ApprovalFromAUser_IsRefused()
    {
        var call = NewApprovedCall(out var mark);
        call.Approval = ApprovalOf(call);

        await FailsAsync(StatusCode.PermissionDenied, "ROLE_MISSING", () => gateway.User().CallToolAsync(call, cancellationToken: Cancellation).ResponseAsync);
        await FailsAsync(StatusCode.PermissionDenied, "ROLE_MISSING", () => gateway.Admin().CallToolAsync(call, cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal(0, gateway.Journal.Count($"append {mark}"));
    }

    [Fact]
    public async Task CallTool_ApprovalForACallThatIsDenied_StaysDenied()
    {
        var call = NewApprovedCall(out var mark);
        call.Scope.WorkflowRules.Add(Rule("never", PermissionEffect.Deny, "probe.append"));
        call.Approval = ApprovalOf(call);

        var response = await gateway.Orchestrator().CallToolAsync(call, cancellationToken: Cancellation);

        Assert.Equal((CallOutcome.Denied, "never"), (response.Outcome, response.Decision.RuleName));
        Assert.Equal(0, gateway.Journal.Count($"append {mark}"));
    }

    private static CallToolRequest NewApprovedCall(out string mark)
    {
        mark = NewName("mark");
        return NewCall("probe", "append", $$"""{"mark":"{{mark}}"}""", Rule("ask", PermissionEffect.NeedsApproval, "probe.append"));
    }
}
