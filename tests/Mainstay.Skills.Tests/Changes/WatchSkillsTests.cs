using Grpc.Core;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Tests.Changes;

public sealed class WatchSkillsTests(SkillsFixture skills) : IClassFixture<SkillsFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WatchSkills_ChangesOfASkill_AreToldInTheirOrder()
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0");
        using var watch = await StartAsync(skills.Reader(), name);

        await skills.Publisher().RegisterAsync(SkillsFixture.NewSkill(name, "1.1.0"));
        await skills.Publisher().SetAliasAsync(name, "production", "1.1.0");
        await skills.Publisher().DeprecateAsync(name, "1.0.0", "Old.");
        await skills.Publisher().WithdrawAsync(name, "1.0.0", "Wrong.");

        var changes = new List<SkillChange>();
        while (changes.Count < 4)
        {
            changes.Add((await NextAsync(watch)).Change);
        }

        Assert.Equal(
            [(SkillChangeKind.Publish, "1.1.0", ""), (SkillChangeKind.Alias, "1.1.0", "production"), (SkillChangeKind.Deprecate, "1.0.0", ""), (SkillChangeKind.Withdraw, "1.0.0", "")],
            changes.Select(change => (change.Kind, change.Version, change.Alias)));
    }

    [Fact]
    public async Task WatchSkills_FromTheLastCursor_MissesNothing()
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0");
        string cursor;
        using (var watch = await StartAsync(skills.Reader(), name))
        {
            await skills.Publisher().SetAliasAsync(name, "production", "1.0.0");
            cursor = (await NextAsync(watch)).Cursor;
        }

        await skills.Publisher().SetAliasAsync(name, "staging", "1.0.0");
        using var again = await StartAsync(skills.Reader(), name, cursor);

        Assert.Equal("staging", (await NextAsync(again)).Change.Alias);
    }

    [Fact]
    public async Task WatchSkills_SkillOutOfSight_IsNotTold()
    {
        var owner = new SkillService.SkillServiceClient(skills.Service.As("owner", ("rbac_scope", "skills:publish"), ("team", "owners")));
        var hidden = await owner.RegisterVersionsAsync("1.0.0");
        var seen = await owner.RegisterVersionsAsync("1.0.0");
        await owner.SetVisibilityAsync(new SetVisibilityRequest { SkillName = hidden, Visibility = new Visibility { Teams = { "owners" } } }, cancellationToken: Cancellation);
        using var watch = await StartAsync(skills.Reader(), hidden, seen);

        await owner.SetAliasAsync(hidden, "production", "1.0.0");
        await owner.SetAliasAsync(seen, "production", "1.0.0");

        Assert.Equal(seen, (await NextAsync(watch)).Change.SkillName);
    }

    [Fact]
    public async Task WatchSkills_CursorThatIsNone_IsRefused()
    {
        using var watch = skills.Reader().WatchSkills(new WatchSkillsRequest { Cursor = "yesterday" }, cancellationToken: Cancellation);

        var violations = await Refusal.OfAsync(() => watch.ResponseStream.MoveNext(Cancellation), StatusCode.InvalidArgument, "FIELD_INVALID");

        Assert.Equal("cursor", Assert.Single(violations).Field);
    }

    private static Task<AsyncServerStreamingCall<WatchSkillsResponse>> StartAsync(SkillService.SkillServiceClient client, string name, string more = "") =>
        more.Contains('.', StringComparison.Ordinal)
            ? StartAsync(client, new WatchSkillsRequest { SkillNames = { name }, Cursor = more })
            : StartAsync(client, new WatchSkillsRequest { SkillNames = { name, more } });

    private static async Task<AsyncServerStreamingCall<WatchSkillsResponse>> StartAsync(SkillService.SkillServiceClient client, WatchSkillsRequest request)
    {
        var watch = client.WatchSkills(request, cancellationToken: Cancellation);
        Assert.Null((await NextAsync(watch)).Change);
        return watch;
    }

    private static async Task<WatchSkillsResponse> NextAsync(AsyncServerStreamingCall<WatchSkillsResponse> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(Cancellation));
        return watch.ResponseStream.Current;
    }
}
