using Grpc.Core;
using Mainstay.Testing;
using Mainstay.Tools.V1;
using static Mainstay.ToolGateway.Tests.ToolGatewayFixture;

namespace Mainstay.ToolGateway.Tests.Permissions;

public sealed class SetPermissionRulesTests(ToolGatewayFixture gateway) : IClassFixture<ToolGatewayFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SetPermissionRules_OfATeam_HoldForThatTeamFromTheNextCallOn()
    {
        var team = NewName("team");
        var call = NewCall("probe", "fail");
        Assert.Equal(CallOutcome.Failed, await OutcomeAsync(team, call));

        await SetAsync(gateway.User(team: team), PermissionLevel.Organisation, team, Rule("nothing", PermissionEffect.Deny, "probe.*"));

        var response = await gateway.User(team: team).CallToolAsync(call, cancellationToken: Cancellation);
        Assert.Equal((CallOutcome.Denied, PermissionLevel.Organisation, "nothing"), (response.Outcome, response.Decision.Level, response.Decision.RuleName));
        Assert.Equal(CallOutcome.Failed, await OutcomeAsync(NewName("team"), call));

        await SetAsync(gateway.Admin(), PermissionLevel.Organisation, team);
        Assert.Equal(CallOutcome.Failed, await OutcomeAsync(team, call));
    }

    [Fact]
    public async Task SetPermissionRules_OfThePlatform_HoldForEverybodyWhateverATeamAllows()
    {
        var team = NewName("team");
        await SetAsync(gateway.Admin(), PermissionLevel.Organisation, team, Rule("all", PermissionEffect.Allow, "*"));

        await SetAsync(gateway.Admin(), PermissionLevel.Platform, "", Rule("all", PermissionEffect.Allow, "*"), Rule("no-exit", PermissionEffect.Deny, "probe.exit"));

        var response = await gateway.User(team: team).CallToolAsync(NewCall("probe", "exit", "{}", Rule("all", PermissionEffect.Allow, "*")), cancellationToken: Cancellation);
        Assert.Equal((CallOutcome.Denied, PermissionLevel.Platform, "no-exit"), (response.Outcome, response.Decision.Level, response.Decision.RuleName));
    }

    [Fact]
    public async Task SetPermissionRules_AgainTheSame_HaveTheSameVersion()
    {
        var team = NewName("team");
        var rule = Rule("all", PermissionEffect.Allow, "*", "path=reports/*");

        var first = await SetAsync(gateway.Admin(), PermissionLevel.Organisation, team, rule);
        var second = await SetAsync(gateway.Admin(), PermissionLevel.Organisation, team, rule);

        Assert.Equal(64, first.Length);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task SetPermissionRules_ByAnother_IsRefusedAndChangesNothing()
    {
        var team = NewName("team");

        await FailsAsync(StatusCode.PermissionDenied, "ROLE_MISSING", () => SetAsync(gateway.User(), PermissionLevel.Organisation, team, Rule("no", PermissionEffect.Deny, "*")));
        await FailsAsync(StatusCode.PermissionDenied, "ROLE_MISSING", () => SetAsync(gateway.User(), PermissionLevel.Platform, "", Rule("no", PermissionEffect.Deny, "*")));
        await FailsAsync(StatusCode.PermissionDenied, "ROLE_MISSING", () => SetAsync(gateway.Orchestrator(), PermissionLevel.Platform, ""));

        Assert.Equal(CallOutcome.Failed, await OutcomeAsync(team, NewCall("probe", "fail")));
    }

    [Theory]
    [InlineData(PermissionLevel.Platform, "plant", "team")]
    [InlineData(PermissionLevel.Organisation, "", "team")]
    [InlineData(PermissionLevel.Workflow, "", "level")]
    [InlineData(PermissionLevel.Unspecified, "", "level")]
    public async Task SetPermissionRules_LevelAndTeamThatDoNotFit_AreRefused(PermissionLevel level, string team, string field)
    {
        var exception = await FailsAsync(StatusCode.InvalidArgument, "FIELD_INVALID", () => SetAsync(gateway.Admin(), level, team));

        Assert.StartsWith($"{field}: ", exception.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetPermissionRules_NameTwice_IsRefused()
    {
        var rule = Rule("same", PermissionEffect.Allow, "*");

        var exception = await FailsAsync(StatusCode.InvalidArgument, "FIELD_INVALID", () => SetAsync(gateway.Admin(), PermissionLevel.Platform, "", rule, rule));

        Assert.StartsWith("rules[1].rule_name: ", exception.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reports/../etc/*", "write 'etc/*'")]
    [InlineData("/srv//reports/*", "write '/srv/reports/*'")]
    [InlineData("reports/", "write 'reports'")]
    [InlineData(@"reports\*", "write 'reports/*'")]
    public async Task SetPermissionRules_PatternThatNothingMatches_IsRefusedWithOneThatWould(string pattern, string advice)
    {
        var exception = await FailsAsync(
            StatusCode.InvalidArgument, "FIELD_INVALID", () => SetAsync(gateway.Admin(), PermissionLevel.Platform, "", Rule("r", PermissionEffect.Deny, "*", $"path={pattern}")));

        Assert.Contains(advice, exception.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetPermissionRules_Done_IsInTheTrail()
    {
        var team = NewName("team");
        await using var bus = await BusListener.StartAsync("mainstay.audit", "tool-gateway.permission_rules_set.*", Cancellation);

        var version = await SetAsync(gateway.User("linus", team), PermissionLevel.Organisation, team, Rule("one", PermissionEffect.Allow, "a.*"), Rule("two", PermissionEffect.Deny, "b.*"));

        var auditEvent = await NextEventAsync(bus, one => one.Resource.DocumentId == $"organisation/{team}");
        Assert.Equal(("success", "linus", version, "one two"), (auditEvent.Result, auditEvent.UserContext.InitiatedBy, auditEvent.Policy!.PolicyVersion, auditEvent.Attributes["rules"]));
    }

    private async Task<CallOutcome> OutcomeAsync(string team, CallToolRequest call) => (await gateway.User(team: team).CallToolAsync(call, cancellationToken: Cancellation)).Outcome;

    private static async Task<string> SetAsync(ToolService.ToolServiceClient client, PermissionLevel level, string team, params PermissionRule[] rules) =>
        (await client.SetPermissionRulesAsync(new SetPermissionRulesRequest { Level = level, Team = team, Rules = { rules } }, cancellationToken: Cancellation)).PolicyVersion;
}
