using Grpc.Core;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.SkillCache;
using Mainstay.Skills.V1;
using Mainstay.Testing;

namespace Mainstay.Skills.Tests.SkillCache;

public sealed class CachedSkillsTests : IAsyncLifetime
{
    private readonly CallerContext caller = new("reader", "", "", "", "user", "");
    private readonly ManualClock clock = new();
    private RunningService service = null!;
    private SkillService.SkillServiceClient publisher = null!;
    private CachedSkills cache = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        service = await RunningService.StartAsync(SkillsApplication.Build, "skills", Cancellation);
        publisher = new SkillService.SkillServiceClient(service.As("ada", ("rbac_scope", "skills:publish")));
        cache = new CachedSkills(new SkillService.SkillServiceClient(service.As("reader")), clock);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task ResolveAsync_AliasMoved_IsSeenAfterAMinute()
    {
        var name = await publisher.RegisterVersionsAsync("1.0.0", "1.1.0");
        await publisher.SetAliasAsync(name, "production", "1.0.0");
        Assert.Equal("1.0.0", (await ResolveAsync(name, "production")).Value.Version);
        await publisher.SetAliasAsync(name, "production", "1.1.0");

        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("1.0.0", (await ResolveAsync(name, "production")).Value.Version);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("1.1.0", (await ResolveAsync(name, "production")).Value.Version);
    }

    [Fact]
    public async Task GetAsync_RegistryAway_ServesWhatItHadForEver()
    {
        var name = await publisher.RegisterVersionsAsync("1.0.0");
        var skill = await cache.GetAsync(name, "1.0.0", caller, Cancellation);
        Assert.False((await ResolveAsync(name, "^1.0.0")).IsStale);

        await service.Application.StopAsync(Cancellation);
        clock.Advance(TimeSpan.FromDays(30));

        Assert.Equal(skill, await cache.GetAsync(name, "1.0.0", caller, Cancellation));
        var stale = await ResolveAsync(name, "^1.0.0");
        Assert.Equal(("1.0.0", true), (stale.Value.Version, stale.IsStale));
        await Assert.ThrowsAsync<RpcException>(() => ResolveAsync(name, "latest"));
    }

    [Fact]
    public async Task ResolveAsync_RefusedByTheRegistry_TakesBackWhatWasKept()
    {
        var name = await publisher.RegisterVersionsAsync("1.0.0");
        await ResolveAsync(name, "latest");
        await publisher.WithdrawAsync(name, "1.0.0", "Wrong.");
        clock.Advance(TimeSpan.FromMinutes(1));

        var refusal = await Assert.ThrowsAsync<RpcException>(() => ResolveAsync(name, "latest"));

        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
    }

    [Fact]
    public async Task GetAsync_Draft_IsNotKept()
    {
        var reviewer = new CachedSkills(publisher, clock);
        var draft = SkillsFixture.NewSkill();
        await publisher.RegisterAsync(draft, draft: true);
        await reviewer.GetAsync(draft.SkillName, "1.0.0", caller, Cancellation);
        draft.PromptTemplate = "Better.";
        await publisher.RegisterAsync(draft, draft: true);

        Assert.Equal("Better.", (await reviewer.GetAsync(draft.SkillName, "1.0.0", caller, Cancellation)).PromptTemplate);
    }

    private Task<Answer<ResolveSkillResponse>> ResolveAsync(string name, string reference) => cache.ResolveAsync(name, reference, caller, Cancellation);

    // Runs with the world's, so that deadlines hold, and ahead of it as far as a test says.
    private sealed class ManualClock : TimeProvider
    {
        private TimeSpan ahead;

        public void Advance(TimeSpan time) => ahead += time;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
    }
}
