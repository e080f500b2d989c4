using Grpc.Core;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Tests.Catalog;

public sealed class SearchTests(SkillsFixture skills) : IClassFixture<SkillsFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("reviewing inverters", "", "", true)]
    [InlineData("\"test sheets\" -wind", "", "", true)]
    [InlineData("", "bess", "", true)]
    [InlineData("inverter", "bess", "commissioning", true)]
    [InlineData("turbines", "", "", false)]
    [InlineData("", "wind", "", false)]
    [InlineData("", "", "nobody", false)]
    public async Task ListSkills_Searched_FindsByDescriptionTagAndOwner(string query, string tag, string owner, bool isFound)
    {
        var skill = SkillsFixture.NewSkill();
        skill.Description = "Reviews the test sheets of inverters.";
        skill.Tags.Add("bess");
        skill.Owner = "commissioning";
        await skills.Publisher().RegisterAsync(skill);
        var request = new ListSkillsRequest { Query = query, Owner = owner, PageSize = 1000 };
        request.Tags.AddRange(tag.Length > 0 ? [tag] : []);

        var found = await skills.Reader().ListSkillsAsync(request, cancellationToken: Cancellation);

        Assert.Equal(isFound, found.Skills.Any(one => one.SkillName == skill.SkillName));
    }

    [Fact]
    public async Task ListSkills_NewVersionOfOtherWords_IsFoundByThoseAlone()
    {
        var skill = SkillsFixture.NewSkill();
        skill.Description = "Speaks of zebras.";
        await skills.Publisher().RegisterAsync(skill);
        skill.Version = "1.1.0";
        skill.Description = "Speaks of quaggas.";
        await skills.Publisher().RegisterAsync(skill);

        Assert.Empty((await skills.Reader().ListSkillsAsync(new ListSkillsRequest { Query = "zebra" }, cancellationToken: Cancellation)).Skills);
        Assert.Equal("1.1.0", Assert.Single((await skills.Reader().ListSkillsAsync(new ListSkillsRequest { Query = "quagga" }, cancellationToken: Cancellation)).Skills).Version);
    }

    [Fact]
    public async Task ListVersions_PageByPage_NamesEachOnceHighestFirst()
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0", "1.10.0", "1.9.0", "2.0.0-rc.1", "1.0.0+b");

        var listed = new List<string>();
        var token = "";
        do
        {
            var page = await VersionsAsync(new ListVersionsRequest { SkillName = name, PageSize = 2, PageToken = token });
            listed.AddRange(page.Skills.Select(skill => skill.Version));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        Assert.Equal(["2.0.0-rc.1", "1.10.0", "1.9.0", "1.0.0+b", "1.0.0"], listed);
    }

    [Fact]
    public async Task ListVersions_RangeAndStates_ListsThoseAlone()
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0", "1.1.0", "1.2.0", "2.0.0");
        await skills.Publisher().DeprecateAsync(name, "1.1.0", "Old.");

        Assert.Equal(["1.2.0", "1.1.0"], (await VersionsAsync(new ListVersionsRequest { SkillName = name, Range = "^1.1.0", PageSize = 2 })).Skills.Select(skill => skill.Version));
        Assert.Equal(["1.1.0"], (await VersionsAsync(new ListVersionsRequest { SkillName = name, States = { SkillState.Deprecated } })).Skills.Select(skill => skill.Version));
        await Refusal.OfAsync(() => VersionsAsync(new ListVersionsRequest { SkillName = name, Range = "one" }), StatusCode.InvalidArgument, "FIELD_INVALID");
        await Refusal.OfAsync(() => VersionsAsync(new ListVersionsRequest { SkillName = "no-such-skill" }), StatusCode.NotFound, "SKILL_NOT_FOUND");
    }

    private async Task<ListVersionsResponse> VersionsAsync(ListVersionsRequest request) =>
        await skills.Reader().ListVersionsAsync(request, cancellationToken: Cancellation);
}
