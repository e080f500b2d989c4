using Grpc.Core;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Tests.Aliases;

public sealed class AliasTests(SkillsFixture skills) : IClassFixture<SkillsFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SetAlias_MovedAndRemoved_KeepsItsHistoryWithWhoMovedIt()
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0", "1.1.0");
        await skills.Publisher().SetAliasAsync(name, "production", "1.0.0");
        var moved = await skills.Publisher("grace").SetAliasAsync(name, "production", "1.1.0");
        Assert.Equal(moved, await skills.Publisher("alan").SetAliasAsync(name, "production", "1.1.0"));
        Assert.Equal("1.1.0", Assert.Single((await skills.Reader().ListAliasesAsync(new ListAliasesRequest { SkillName = name }, cancellationToken: Cancellation)).Aliases).Version);

        await skills.Publisher().SetAliasAsync(name, "production", "");

        Assert.Equal([("", "ada"), ("1.1.0", "grace"), ("1.0.0", "ada")], (await MovesAsync(name, 50, "")).Moves.Select(move => (move.Version, move.Author)));
        Assert.Empty((await skills.Reader().ListAliasesAsync(new ListAliasesRequest { SkillName = name }, cancellationToken: Cancellation)).Aliases);
    }

    [Fact]
    public async Task ListAliasMoves_PageByPage_NamesEachMoveOnce()
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0", "1.1.0");
        foreach (var version in (string[])["1.0.0", "1.1.0", "1.0.0"])
        {
            await skills.Publisher().SetAliasAsync(name, "production", version);
        }

        var first = await MovesAsync(name, 2, "");
        var second = await MovesAsync(name, 2, first.NextPageToken);

        Assert.Equal(["1.0.0", "1.1.0", "1.0.0"], first.Moves.Concat(second.Moves).Select(move => move.Version));
        Assert.Empty(second.NextPageToken);
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("v1")]
    [InlineData("x")]
    [InlineData("Production")]
    [InlineData("1.0.0")]
    public async Task SetAlias_NameThatReadsOtherwise_IsRefused(string alias)
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0");

        var violations = await Refusal.OfAsync(() => skills.Publisher().SetAliasAsync(name, alias, "1.0.0"), StatusCode.InvalidArgument, "FIELD_INVALID");

        Assert.Equal("alias", Assert.Single(violations).Field);
    }

    [Fact]
    public async Task SetAlias_UnknownOrWithdrawnVersion_IsRefused()
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0");
        await skills.Publisher().WithdrawAsync(name, "1.0.0", "Wrong.");

        await Refusal.OfAsync(() => skills.Publisher().SetAliasAsync(name, "production", "9.9.9"), StatusCode.NotFound, "SKILL_NOT_FOUND");
        await Refusal.OfAsync(() => skills.Publisher().SetAliasAsync(name, "production", "1.0.0"), StatusCode.FailedPrecondition, "STATE_CONFLICT");
    }

    [Fact]
    public async Task SetAlias_ScopeForAliasesAlone_IsEnough()
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0");
        var mover = new SkillService.SkillServiceClient(skills.Service.As("mover", ("rbac_scope", "skills:alias")));

        Assert.Equal("mover", (await mover.SetAliasAsync(name, "production", "1.0.0")).Author);
        await Refusal.OfAsync(() => skills.Reader().SetAliasAsync(name, "production", ""), StatusCode.PermissionDenied, "SCOPE_MISSING");
        await Refusal.OfAsync(() => mover.WithdrawAsync(name, "1.0.0", "Because."), StatusCode.PermissionDenied, "SCOPE_MISSING");
    }

    private async Task<ListAliasMovesResponse> MovesAsync(string name, int pageSize, string token) => await skills.Reader().ListAliasMovesAsync(
        new ListAliasMovesRequest { SkillName = name, Alias = "production", PageSize = pageSize, PageToken = token }, cancellationToken: Cancellation);
}
