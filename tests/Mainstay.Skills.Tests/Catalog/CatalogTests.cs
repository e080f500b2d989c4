using Grpc.Core;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Tests.Catalog;

public sealed class CatalogTests(SkillsFixture skills) : IClassFixture<SkillsFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetSkill_NoVersionNamed_ReturnsTheHighestRelease()
    {
        var name = SkillsFixture.NewSkill().SkillName;
        foreach (var version in new[] { "1.10.0", "1.9.0", "2.0.0-rc.1" })
        {
            await RegisterAsync(SkillsFixture.NewSkill(name, version));
        }

        Assert.Equal("1.10.0", (await GetAsync(name)).Version);
        Assert.Equal("2.0.0-rc.1", (await GetAsync(name, "2.0.0-rc.1")).Version);
    }

    [Fact]
    public async Task GetSkill_Unknown_IsNotFound() =>
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => GetAsync("no-such-skill"))).StatusCode);

    [Fact]
    public async Task GetSkill_ScopeNotHeld_IsNotFound()
    {
        var skill = SkillsFixture.NewSkill();
        skill.RbacScope = "project:secret";
        await RegisterAsync(skill);

        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => GetAsync(skill.SkillName))).StatusCode);
        var holder = new SkillService.SkillServiceClient(skills.Service.As("holder", ("rbac_scope", "project:secret")));
        Assert.Equal(skill.SkillName, (await holder.GetSkillAsync(new GetSkillRequest { SkillName = skill.SkillName }, cancellationToken: Cancellation)).Skill.SkillName);
    }

    [Fact]
    public async Task ListSkills_PageByPage_NamesEverySkillOnceInOrder()
    {
        var names = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            names.Add((await RegisterAsync(SkillsFixture.NewSkill())).SkillName);
        }

        var listed = new List<string>();
        var token = "";
        do
        {
            var page = await skills.Reader().ListSkillsAsync(new ListSkillsRequest { PageSize = 2, PageToken = token }, cancellationToken: Cancellation);
            listed.AddRange(page.Skills.Select(skill => skill.SkillName));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        Assert.Equal(listed.Distinct().Order(StringComparer.Ordinal), listed);
        Assert.Empty(names.Except(listed));
    }

    [Fact]
    public async Task ListSkills_PageTooLarge_IsRefused() => Assert.Equal(
        StatusCode.InvalidArgument,
        (await Assert.ThrowsAsync<RpcException>(() => skills.Reader().ListSkillsAsync(new ListSkillsRequest { PageSize = 1001 }, cancellationToken: Cancellation).ResponseAsync)).StatusCode);

    private async Task<Skill> RegisterAsync(Skill skill) =>
        (await skills.Publisher().RegisterSkillAsync(new RegisterSkillRequest { Skill = skill }, cancellationToken: Cancellation)).Skill;

    private async Task<Skill> GetAsync(string name, string version = "") =>
        (await skills.Reader().GetSkillAsync(new GetSkillRequest { SkillName = name, Version = version }, cancellationToken: Cancellation)).Skill;
}
