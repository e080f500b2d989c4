using System.Text.Json.Nodes;
using Mainstay.ToolGateway.Permissions;
using Mainstay.Tools.V1;
using static Mainstay.ToolGateway.Tests.ToolGatewayFixture;

namespace Mainstay.ToolGateway.Tests.Permissions;

public sealed class PolicyTests
{
    private const string Tool = "filesystem.write_file";

    private static readonly PermissionRule Allow = Rule("allow", PermissionEffect.Allow, "filesystem.*");
    private static readonly PermissionRule Ask = Rule("ask", PermissionEffect.NeedsApproval, "filesystem.*");
    private static readonly PermissionRule Deny = Rule("deny", PermissionEffect.Deny, "filesystem.*");
    private static readonly PermissionRule Other = Rule("other", PermissionEffect.Allow, "search.*");

    [Fact]
    public void Decide_NoRulesAnywhere_Allows()
    {
        var decision = Decide();

        Assert.Equal((PermissionEffect.Allow, "", "The level platform has no rules."), (decision.Effect, decision.RuleName, decision.Reason));
    }

    [Fact]
    public void Decide_EveryLevelGrants_AllowsByTheNarrowest()
    {
        var decision = Decide([Allow], [Allow], [Rule("run", PermissionEffect.Allow, Tool)]);

        Assert.Equal((PermissionEffect.Allow, PermissionLevel.Workflow, "run", "Because of run."), (decision.Effect, decision.Level, decision.RuleName, decision.Reason));
    }

    [Theory]
    [InlineData(PermissionLevel.Platform)]
    [InlineData(PermissionLevel.Organisation)]
    [InlineData(PermissionLevel.Workflow)]
    public void Decide_OneLevelDenies_DeniesThoughTheOthersGrant(PermissionLevel level)
    {
        PermissionRule[] At(PermissionLevel one) => one == level ? [Allow, Deny] : [Allow];

        var decision = Decide(At(PermissionLevel.Platform), At(PermissionLevel.Organisation), At(PermissionLevel.Workflow));

        Assert.Equal((PermissionEffect.Deny, level, "deny"), (decision.Effect, decision.Level, decision.RuleName));
    }

    [Theory]
    [InlineData(PermissionLevel.Platform, "platform")]
    [InlineData(PermissionLevel.Organisation, "organisation")]
    [InlineData(PermissionLevel.Workflow, "workflow")]
    public void Decide_OneLevelHasRulesButNoGrant_DeniesAndSaysSo(PermissionLevel level, string name)
    {
        PermissionRule[] At(PermissionLevel one) => one == level ? [Other] : [Allow];

        var decision = Decide(At(PermissionLevel.Platform), At(PermissionLevel.Organisation), At(PermissionLevel.Workflow));

        Assert.Equal(
            (PermissionEffect.Deny, level, "", $"No rule of the level {name} grants {Tool}."),
            (decision.Effect, decision.Level, decision.RuleName, decision.Reason));
    }

    [Fact]
    public void Decide_DenialAndAWantOfGrants_NamesTheDenial()
    {
        var decision = Decide([Other], [], [Deny]);

        Assert.Equal((PermissionLevel.Workflow, "deny"), (decision.Level, decision.RuleName));
    }

    [Fact]
    public void Decide_OneLevelAsksForApproval_NeedsApprovalThoughTheOthersGrant()
    {
        var decision = Decide([Allow], [Ask], [Allow]);

        Assert.Equal((PermissionEffect.NeedsApproval, PermissionLevel.Organisation, "ask"), (decision.Effect, decision.Level, decision.RuleName));
    }

    [Fact]
    public void Decide_OneLevelAsksAndAnotherDenies_Denies() => Assert.Equal(PermissionEffect.Deny, Decide([Ask], [], [Deny]).Effect);

    [Fact]
    public void Decide_ALevelThatAllowsAndAsks_NeedsApproval() => Assert.Equal(PermissionEffect.NeedsApproval, Decide([], [], [Allow, Ask]).Effect);

    [Theory]
    [InlineData("""{"path":"reports/may.md"}""")]
    [InlineData("""{"path":"reports/./a/../may.md"}""")]
    [InlineData("""{"path":["reports/a","reports/b"]}""")]
    public void Decide_ArgumentsThatFitTheGrant_Allows(string arguments) =>
        Assert.Equal(PermissionEffect.Allow, DecideBy(Rule("reports", PermissionEffect.Allow, Tool, "path=reports/*"), arguments).Effect);

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"path":null}""")]
    [InlineData("""{"path":""}""")]
    [InlineData("""{"path":[]}""")]
    [InlineData("""{"path":{"reports/":1}}""")]
    [InlineData("""{"path":1}""")]
    [InlineData("""{"Path":"reports/a"}""")]
    [InlineData("""{"path":"sheets/a.csv"}""")]
    [InlineData("""{"path":"reports/../sheets/a.csv"}""")]
    [InlineData("""{"path":"reports/../../etc/passwd"}""")]
    [InlineData("""{"path":"reports\\..\\..\\etc\\passwd"}""")]
    [InlineData("""{"path":"reports\\a"}""")]
    [InlineData("""{"path":"./reports/./../a"}""")]
    [InlineData("""{"path":"/reports/a"}""")]
    [InlineData("""{"path":"file:///reports/a"}""")]
    [InlineData("""{"path":["reports/a","/etc/passwd"]}""")]
    [InlineData("""{"path":["reports/a",["/etc/passwd"]]}""")]
    public void Decide_ArgumentsThatDoNotFitTheGrant_DeniesAndSaysWhatWould(string arguments)
    {
        var decision = DecideBy(Rule("reports", PermissionEffect.Allow, Tool, "path=reports/*"), arguments);

        Assert.Equal(PermissionEffect.Deny, decision.Effect);
        Assert.Equal($"No rule of the level workflow grants this call of {Tool}: 'reports' would if 'path' matched 'reports/*'.", decision.Reason);
    }

    [Theory]
    [InlineData("""{"path":"/etc/passwd"}""")]
    [InlineData("""{"path":"/srv/../etc/passwd"}""")]
    [InlineData("""{"path":"/etc//passwd"}""")]
    [InlineData("""{"path":"\\etc\\passwd"}""")]
    [InlineData("""{"path":["/srv/a","/etc/passwd"]}""")]
    public void Decide_AnyReadingThatFitsTheDenial_Denies(string arguments) =>
        Assert.Equal("deny-etc", DecideBy(Rule("deny-etc", PermissionEffect.Deny, "*", "path=/etc/*"), arguments).RuleName);

    [Theory]
    [InlineData("""{"path":"/srv/etc/a"}""")]
    [InlineData("""{"target":"/etc/passwd"}""")]
    [InlineData("""{}""")]
    public void Decide_OtherArgumentsThanTheDenial_AllowsWhatIsGranted(string arguments) => Assert.Equal(
        PermissionEffect.Allow,
        new Policy([], [], [Rule("deny-etc", PermissionEffect.Deny, "*", "path=/etc/*"), Allow]).Decide(Tool, Parse(arguments)).Effect);

    [Theory]
    [InlineData("""{"path":"reports/a","mode":"append"}""", PermissionEffect.Allow)]
    [InlineData("""{"path":"reports/a","mode":"truncate"}""", PermissionEffect.Deny)]
    [InlineData("""{"path":"reports/a"}""", PermissionEffect.Deny)]
    public void Decide_SeveralConditions_AsksForAllOfThem(string arguments, PermissionEffect effect) =>
        Assert.Equal(effect, DecideBy(Rule("reports", PermissionEffect.Allow, Tool, "path=reports/*", "mode=append"), arguments).Effect);

    [Theory]
    [InlineData("""{"count":3}""", "count=3")]
    [InlineData("""{"force":true}""", "force=true")]
    [InlineData("""{"options":{"depth":2}}""", """options={"depth":2}""")]
    public void Decide_ArgumentThatIsNoText_IsReadAsJson(string arguments, string condition) =>
        Assert.Equal(PermissionEffect.Allow, DecideBy(Rule("exact", PermissionEffect.Allow, Tool, condition), arguments).Effect);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MayAllow_DeniedOnlyForSomeArguments_IsTrue(bool isAsking)
    {
        var policy = new Policy([isAsking ? Ask : Allow, Rule("deny-etc", PermissionEffect.Deny, "*", "path=/etc/*")], [], []);

        Assert.True(policy.MayAllow(Tool));
    }

    [Fact]
    public void MayAllow_DeniedWhateverTheArguments_IsFalse() => Assert.False(new Policy([], [Allow, Deny], []).MayAllow(Tool));

    [Fact]
    public void MayAllow_GrantedNowhere_IsFalse() => Assert.False(new Policy([], [], [Other]).MayAllow(Tool));

    [Fact]
    public void Version_SameRulesAtAnotherLevel_IsAnother()
    {
        Assert.Equal(new Policy([Allow], [], []).Version, new Policy([Allow.Clone()], [], []).Version);
        Assert.NotEqual(new Policy([Allow], [], []).Version, new Policy([], [Allow], []).Version);
        Assert.NotEqual(new Policy([Allow, Deny], [], []).Version, new Policy([Deny, Allow], [], []).Version);
    }

    private static PermissionDecision DecideBy(PermissionRule workflowRule, string arguments) => new Policy([], [], [workflowRule]).Decide(Tool, Parse(arguments));

    private static PermissionDecision Decide(PermissionRule[]? platform = null, PermissionRule[]? organisation = null, PermissionRule[]? workflow = null) =>
        new Policy(platform ?? [], organisation ?? [], workflow ?? []).Decide(Tool, []);

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
