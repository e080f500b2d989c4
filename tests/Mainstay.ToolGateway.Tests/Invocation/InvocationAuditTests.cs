using System.Text.Json;
using Grpc.Core;
using Mainstay.BusContracts;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.Testing;
using Mainstay.Tools.V1;
using static Mainstay.ToolGateway.Tests.ToolGatewayFixture;

namespace Mainstay.ToolGateway.Tests.Invocation;

public sealed class InvocationAuditTests(ToolGatewayFixture gateway) : IClassFixture<ToolGatewayFixture>
{
    private static readonly PermissionRule Ask = Rule("ask", PermissionEffect.NeedsApproval, "filesystem.*");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CallTool_Allowed_IsInTheTrailWithWhoWhatAndWhy()
    {
        await File.WriteAllTextAsync(Path.Combine(gateway.Workspace, "sheet.csv"), "cell 7: 3.1 V", Cancellation);
        var call = NewCall("filesystem", "read_text_file", """{"path":"sheet.csv"}""", Rule("read", PermissionEffect.Allow, "filesystem.read_*"));

        var (response, auditEvent) = await CallAsync(gateway.User("ada"), call);

        Assert.Equal(
            ("tool_call", "success", "tool-gateway", call.Scope.WorkflowId, "3", "reviewer"),
            (auditEvent.Action, auditEvent.Result, auditEvent.Service, auditEvent.WorkflowId, auditEvent.ActivityId, auditEvent.AgentId));
        Assert.Equal(("filesystem", "sheet.csv"), (auditEvent.Resource.Connector, auditEvent.Resource.DocumentName));
        Assert.Equal("ada", auditEvent.UserContext.InitiatedBy);
        Assert.Equal(
            ("allow", "workflow", "read", response.Decision.PolicyVersion, "Because of read."),
            (auditEvent.Policy!.Decision, auditEvent.Policy.Level, auditEvent.Policy.Rule, auditEvent.Policy.PolicyVersion, auditEvent.Policy.Reason));
        Assert.Equal("read_text_file", auditEvent.Attributes["tool_name"]);
        Assert.Equal(CanonicalJson.Digest(call.Arguments.ToJsonObject()), auditEvent.Attributes["arguments_digest"]);
        Assert.Equal(response.LatencyMs, auditEvent.LatencyMs);
        Assert.Equal(32, auditEvent.TraceId.Length);
    }

    [Fact]
    public async Task CallTool_Denied_IsInTheTrailWithTheRule()
    {
        var call = NewCall(
            "filesystem", "write_file", """{"path":"sheets/../../x","content":"c"}""", Rule("read-only", PermissionEffect.Deny, "filesystem.write_*"), Rule("all", PermissionEffect.Allow, "*"));

        var (_, auditEvent) = await CallAsync(gateway.User(), call);

        Assert.Equal(("denied", "deny", "read-only", "sheets/../../x"), (auditEvent.Result, auditEvent.Policy!.Decision, auditEvent.Policy.Rule, auditEvent.Resource.DocumentName));
    }

    [Fact]
    public async Task CallTool_WaitsForApprovalAndIsApproved_IsInTheTrailTwice()
    {
        var call = NewCall("filesystem", "write_file", """{"path":"report.md","content":"fine"}""", Ask);
        var (_, waiting) = await CallAsync(gateway.Orchestrator(), call);

        call.Approval = ApprovalOf(call);
        var (_, approved) = await CallAsync(gateway.Orchestrator(), call);

        Assert.Equal(("needs_approval", "needs_approval"), (waiting.Result, waiting.Policy!.Decision));
        Assert.Equal(
            ("success", "allow", "ask", "grace", call.Approval.ApprovalId),
            (approved.Result, approved.Policy!.Decision, approved.Policy.Rule, approved.Attributes["approver"], approved.Attributes["approval_id"]));
    }

    [Fact]
    public async Task CallTool_ApprovalOfAnotherCall_IsInTheTrailAsDenied()
    {
        var call = NewCall("filesystem", "write_file", """{"path":"report.md","content":"fine"}""", Ask);
        call.Approval = ApprovalOf(NewCall("filesystem", "write_file", """{"path":"other.md","content":"fine"}"""));

        var auditEvent = await FailAsync(gateway.Orchestrator(), call, StatusCode.PermissionDenied, "APPROVAL_MISMATCH");

        Assert.Equal(("denied", "TOOL_ERROR_REASON_APPROVAL_MISMATCH"), (auditEvent.Result, auditEvent.Attributes["reason"]));
    }

    [Theory]
    [InlineData("crashing", "any", StatusCode.Unavailable, "CONNECTOR_UNAVAILABLE")]
    [InlineData("probe", "no-such-tool", StatusCode.NotFound, "TOOL_NOT_FOUND")]
    public async Task CallTool_CannotBeMade_IsInTheTrailAsFailure(string connector, string tool, StatusCode code, string reason)
    {
        var auditEvent = await FailAsync(gateway.User(), NewCall(connector, tool), code, reason);

        Assert.Equal(("failure", $"TOOL_ERROR_REASON_{reason}"), (auditEvent.Result, auditEvent.Attributes["reason"]));
    }

    [Fact]
    public async Task CallTool_CallerGoesAway_IsInTheTrailAsFailure()
    {
        var call = NewCall("probe", "wait", $$"""{"mark":"{{NewName("mark")}}"}""");
        await using var bus = await ListenAsync();
        using (var running = gateway.User().CallToolAsync(call, cancellationToken: Cancellation))
        {
            await gateway.Journal.HasAsync($"wait {call.Arguments.Fields["mark"].StringValue}", Cancellation);
        }

        var auditEvent = await NextEventAsync(bus, call.Scope.WorkflowId);

        Assert.Equal(("failure", "CANCELLED"), (auditEvent.Result, auditEvent.Attributes["reason"]));
    }

    [Fact]
    public async Task CallTool_ForAUser_NamesBoth()
    {
        var call = NewCall("probe", "fail");
        await using var bus = await ListenAsync();

        await gateway.Orchestrator().CallToolAsync(call, new Metadata { { "mainstay-on-behalf-of", "ada" } }, cancellationToken: Cancellation);

        var auditEvent = await NextEventAsync(bus, call.Scope.WorkflowId);
        Assert.Equal(("failure", "orchestrator", "ada"), (auditEvent.Result, auditEvent.UserContext.InitiatedBy, auditEvent.UserContext.OnBehalfOf));
    }

    [Fact]
    public async Task CallTool_Replayed_IsInTheTrailOnce()
    {
        var call = NewCall("probe", "fail");
        call.IdempotencyKey = NewName("key");
        await using var bus = await ListenAsync();

        await gateway.User().CallToolAsync(call, cancellationToken: Cancellation);
        await gateway.User().CallToolAsync(call, cancellationToken: Cancellation);
        var last = NewCall("probe", "media");
        await gateway.User().CallToolAsync(last, cancellationToken: Cancellation);

        Assert.Equal("fail", (await NextEventAsync(bus, IsOfEither)).Attributes["tool_name"]);
        Assert.Equal("media", (await NextEventAsync(bus, IsOfEither)).Attributes["tool_name"]);

        bool IsOfEither(AuditEvent one) => one.WorkflowId == call.Scope.WorkflowId || one.WorkflowId == last.Scope.WorkflowId;
    }

    [Fact]
    public async Task CallTool_WhateverItsArguments_HasNoneOfTheirContentInTheTrail()
    {
        var call = NewCall("filesystem", "write_file", """{"path":"a\u0000b\u001b[31m.md","content":"the password is hunter2"}""");

        var (_, auditEvent) = await CallAsync(gateway.User(), call);

        Assert.Equal("ab[31m.md", auditEvent.Resource.DocumentName);
        Assert.DoesNotContain("hunter2", JsonSerializer.Serialize(auditEvent), StringComparison.Ordinal);
    }

    private async Task<(CallToolResponse Response, AuditEvent Event)> CallAsync(ToolService.ToolServiceClient client, CallToolRequest call)
    {
        await using var bus = await ListenAsync();
        var response = await client.CallToolAsync(call, cancellationToken: Cancellation);
        return (response, await NextEventAsync(bus, call.Scope.WorkflowId));
    }

    private async Task<AuditEvent> FailAsync(ToolService.ToolServiceClient client, CallToolRequest call, StatusCode code, string reason)
    {
        await using var bus = await ListenAsync();
        await FailsAsync(code, reason, () => client.CallToolAsync(call, cancellationToken: Cancellation).ResponseAsync);
        return await NextEventAsync(bus, call.Scope.WorkflowId);
    }

    private static Task<BusListener> ListenAsync() => BusListener.StartAsync("mainstay.audit", "tool-gateway.tool_call.*", Cancellation);
}
