using Grpc.Core;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Tests.Access;

public sealed class VisibilityTests(SkillsFixture skills) : IClassFixture<SkillsFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SetVisibility_ListedTeamsAndProjects_SeeItAndNobodyElse()
    {
        var name = await Member("owners", "").RegisterVersionsAsync("1.0.0");
        await SetAsync(Member("owners", ""), name, new Visibility { Teams = { "commissioning" }, Projects = { "bess" } });

        foreach (var member in (SkillService.SkillServiceClient[])[Member("owners", ""), Member("commissioning", "other"), Member("other", "bess")])
        {
            Assert.Equal(name, (await member.GetAsync(name)).SkillName);
            Assert.Contains(await NamesAsync(member), listed => listed == name);
        }

        await Refusal.OfAsync(() => Member("other", "other").GetAsync(name, "1.0.0"), StatusCode.NotFound, "SKILL_NOT_FOUND");
        await Refusal.OfAsync(() => Member("other", "other").ResolveAsync(name, "latest"), StatusCode.NotFound, "SKILL_NOT_FOUND");
        await Refusal.OfAsync(() => Member("other", "other").SetAliasAsync(name, "production", "1.0.0"), StatusCode.NotFound, "SKILL_NOT_FOUND");
        Assert.DoesNotContain(await NamesAsync(Member("other", "other")), listed => listed == name);
    }

    [Fact]
    public async Task RegisterSkill_SkillOfAnotherTeam_IsDenied()
    {
        var name = await Member("owners", "").RegisterVersionsAsync("1.0.0");

        await Refusal.OfAsync(() => Member("other", "").RegisterAsync(SkillsFixture.NewSkill(name, "1.1.0")), StatusCode.PermissionDenied, "NOT_OWNER");
        await Refusal.OfAsync(() => Member("other", "").WithdrawAsync(name, "1.0.0", "Because."), StatusCode.PermissionDenied, "NOT_OWNER");
    }

    [Fact]
    public async Task SetVisibility_EveryoneAndAList_IsRefused()
    {
        var name = await Member("owners", "").RegisterVersionsAsync("1.0.0");

        var violations = await Refusal.OfAsync(
            () => SetAsync(Member("owners", ""), name, new Visibility { Everyone = true, Teams = { "commissioning" } }), StatusCode.InvalidArgument, "FIELD_INVALID");

        Assert.Equal("visibility.everyone", Assert.Single(violations).Field);
    }

    private SkillService.SkillServiceClient Member(string team, string project) =>
        new(skills.Service.As($"member-of-{team}", ("rbac_scope", "skills:publish"), ("team", team), ("project", project)));

    private static async Task SetAsync(SkillService.SkillServiceClient client, string name, Visibility visibility) =>
        await client.SetVisibilityAsync(new SetVisibilityRequest { SkillName = name, Visibility = visibility }, cancellationToken: Cancellation);

    private static async Task<IEnumerable<string>> NamesAsync(SkillService.SkillServiceClient client) =>
        (await client.ListSkillsAsync(new ListSkillsRequest { PageSize = 1000 }, cancellationToken: Cancellation)).Skills.Select(skill => skill.SkillName);
}
