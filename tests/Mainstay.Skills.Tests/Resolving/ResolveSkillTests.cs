using Grpc.Core;
using Mainstay.Skills.V1;
using Mainstay.Testing;

namespace Mainstay.Skills.Tests.Resolving;

public sealed class ResolveSkillTests(SkillsFixture skills) : IClassFixture<SkillsFixture>
{
    [Theory]
    [InlineData("1.0.0", "1.0.0", ResolutionKind.Exact)]
    [InlineData("", "2.0.0", ResolutionKind.Latest)]
    [InlineData("latest", "2.0.0", ResolutionKind.Latest)]
    [InlineData("^1.0.0", "1.10.0", ResolutionKind.Range)]
    [InlineData("~1.9", "1.9.0", ResolutionKind.Range)]
    [InlineData(">=1 <1.10", "1.9.0", ResolutionKind.Range)]
    [InlineData(">=2.1.0-rc.0", "2.1.0-rc.1", ResolutionKind.Range)]
    [InlineData("stable", "1.9.0", ResolutionKind.Alias)]
    public async Task ResolveSkill_Reference_LeadsToItsVersionWithDigestAndReason(string reference, string version, ResolutionKind kind)
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0", "1.10.0", "1.9.0", "2.0.0", "2.1.0-rc.1");
        await skills.Publisher().SetAliasAsync(name, "stable", "1.9.0");

        var resolved = await skills.Reader().ResolveAsync(name, reference);

        Assert.Equal((version, kind), (resolved.Version, resolved.Kind));
        Assert.Equal((await skills.Reader().GetAsync(name, version)).Digest, resolved.Digest);
        Assert.Contains(version, resolved.Explanation, StringComparison.Ordinal);
        Assert.Empty(resolved.Warning);
    }

    [Fact]
    public async Task ResolveSkill_HigherVersionsOutOfUse_ArePassedOverAndNamed()
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0", "1.1.0", "1.2.0");
        await skills.Publisher().WithdrawAsync(name, "1.2.0", "It leaks names.");
        await skills.Publisher().DeprecateAsync(name, "1.1.0", "Too slow.");

        var resolved = await skills.Reader().ResolveAsync(name, "^1.0.0");

        Assert.Equal("1.0.0", resolved.Version);
        Assert.Equal(
            "The range ^1.0.0 holds 3 versions; 1.0.0 is the highest that is published. "
                + "Left out although higher: 1.2.0 (withdrawn: It leaks names.), 1.1.0 (deprecated: Too slow.).",
            resolved.Explanation);
    }

    [Fact]
    public async Task ResolveSkill_OnlyADeprecatedVersionFits_IsChosenWithAWarning()
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0", "2.0.0");
        await skills.Publisher().DeprecateAsync(name, "1.0.0", "Use 2.");

        var resolved = await skills.Reader().ResolveAsync(name, "^1.0.0");

        Assert.Equal(("1.0.0", SkillState.Deprecated, "Version 1.0.0 is deprecated: Use 2."), (resolved.Version, resolved.State, resolved.Warning));
    }

    [Fact]
    public async Task ResolveSkill_NothingFits_IsNotFound()
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0");

        await Refusal.OfAsync(() => skills.Reader().ResolveAsync(name, "^2.0.0"), StatusCode.NotFound, "NOTHING_FITS");
        await Refusal.OfAsync(() => skills.Reader().ResolveAsync(name, "no-alias"), StatusCode.NotFound, "NOTHING_FITS");
        await Refusal.OfAsync(() => skills.Reader().ResolveAsync(name, "3.0.0"), StatusCode.NotFound, "SKILL_NOT_FOUND");
        await Refusal.OfAsync(() => skills.Reader().ResolveAsync("no-such-skill", "latest"), StatusCode.NotFound, "SKILL_NOT_FOUND");
    }

    [Fact]
    public async Task ResolveSkill_NeitherVersionNorAliasNorRange_IsRefused()
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0");

        var violations = await Refusal.OfAsync(() => skills.Reader().ResolveAsync(name, ">>1"), StatusCode.InvalidArgument, "FIELD_INVALID");

        Assert.Equal("reference", Assert.Single(violations).Field);
    }

    [Fact]
    public async Task ResolveSkill_PolicyThatWarns_LeadsToTheWithdrawnVersionThatWasNamed()
    {
        await using var service = await RunningService.StartAsync(
            SkillsApplication.Build, "skills", TestContext.Current.CancellationToken, "skills: {withdrawn: warn}");
        var client = new SkillService.SkillServiceClient(service.As("ada", ("rbac_scope", "skills:publish")));
        var name = await client.RegisterVersionsAsync("1.0.0");
        await client.WithdrawAsync(name, "1.0.0", "It leaks names.");

        var resolved = await client.ResolveAsync(name, "1.0.0");

        Assert.Equal((SkillState.Withdrawn, "Version 1.0.0 is withdrawn: It leaks names."), (resolved.State, resolved.Warning));
    }
}
