using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.Tools.V1;
using static Mainstay.ToolGateway.Tests.ToolGatewayFixture;

namespace Mainstay.ToolGateway.Tests.Permissions;

public sealed class CheckPermissionTests(ToolGatewayFixture gateway) : IClassFixture<ToolGatewayFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("reports/may.md", PermissionEffect.Allow, CallOutcome.Succeeded)]
    [InlineData("sheets/../reports/may.md", PermissionEffect.Allow, CallOutcome.Succeeded)]
    [InlineData("reports/../limits.csv", PermissionEffect.Deny, CallOutcome.Denied)]
    [InlineData("reports/../../outside.md", PermissionEffect.Deny, CallOutcome.Denied)]
    public async Task CheckPermission_SameRulesAsTheCall_DecidesAsTheCall(string path, PermissionEffect effect, CallOutcome outcome)
    {
        Directory.CreateDirectory(Path.Combine(gateway.Workspace, "reports"));
        Directory.CreateDirectory(Path.Combine(gateway.Workspace, "sheets"));
        var call = NewCall(
            "filesystem",
            "write_file",
            $$"""{"path":"{{path}}","content":"x"}""",
            Rule("write-reports", PermissionEffect.Allow, "filesystem.write_file", "path=reports/*"));

        var decision = await CheckAsync(call);
        var response = await gateway.User().CallToolAsync(call, cancellationToken: Cancellation);

        Assert.Equal((effect, outcome), (decision.Effect, response.Outcome));
        Assert.Equal(decision, response.Decision);
        Assert.False(File.Exists(Path.Combine(gateway.Workspace, "../outside.md")));
    }

    [Fact]
    public async Task CheckPermission_ConnectorThatCannotStart_DecidesAllTheSame() =>
        Assert.Equal(PermissionEffect.Allow, (await CheckAsync(NewCall("crashing", "any"))).Effect);

    [Theory]
    [InlineData("", "echo", "connector")]
    [InlineData("probe", "", "tool_name")]
    [InlineData("pro\0be", "echo", "connector")]
    [InlineData("probe", "line\nbreak", "tool_name")]
    public async Task CheckPermission_NameThatIsNone_IsRefusedByItsField(string connector, string tool, string field)
    {
        var exception = await FailsAsync(StatusCode.InvalidArgument, "FIELD_INVALID", () => CheckAsync(NewCall(connector, tool)));

        Assert.StartsWith($"{field}: ", exception.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckPermission_NumberThatIsNone_IsRefused()
    {
        var call = NewCall("probe", "append");
        call.Arguments.Fields["mark"] = Value.ForNumber(double.NaN);

        await FailsAsync(StatusCode.InvalidArgument, "FIELD_INVALID", () => CheckAsync(call));
    }

    [Fact]
    public async Task CheckPermission_BadWorkflowRules_AreRefusedByTheirFields()
    {
        var call = NewCall("probe", "append", "{}", Rule("ok", PermissionEffect.Allow, "probe.*"), Rule("", PermissionEffect.Unspecified, "no spaces here", "path=a/../b"));

        var exception = await FailsAsync(StatusCode.InvalidArgument, "FIELD_INVALID", () => CheckAsync(call));

        Assert.Equal(
            ["scope.workflow_rules[1].rule_name", "scope.workflow_rules[1].effect", "scope.workflow_rules[1].tools", "scope.workflow_rules[1].arguments[0]"],
            exception.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations.Select(violation => violation.Field));
    }

    private async Task<PermissionDecision> CheckAsync(CallToolRequest call) => (await gateway.User().CheckPermissionAsync(
        new CheckPermissionRequest { Connector = call.Connector, ToolName = call.ToolName, Arguments = call.Arguments, Scope = call.Scope },
        cancellationToken: Cancellation)).Decision;
}
