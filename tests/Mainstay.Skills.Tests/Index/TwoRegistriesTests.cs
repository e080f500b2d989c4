using Grpc.Core;
using Mainstay.Skills.Index;
using Mainstay.Skills.V1;
using Mainstay.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Mainstay.Skills.Tests.Index;

/// <summary>Two processes of the registry on one database: what one changes, the other does not go on answering from memory.</summary>
public sealed class TwoRegistriesTests : IAsyncLifetime
{
    private const string ListensFor = "listen skill_change%";

    private readonly TestTokens tokens = new();
    private RunningService first = null!;
    private RunningService second = null!;
    private SkillService.SkillServiceClient here = null!;
    private SkillService.SkillServiceClient there = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        first = await RunningService.StartAsync(SkillsApplication.Build, "skills", Cancellation, "", tokens);
        second = await RunningService.StartAsync(SkillsApplication.Build, "skills", Cancellation, "", tokens, "--postgres:database", first.Database);
        (here, there) = (Client(first), Client(second));
        await HearingAsync(first);
        await HearingAsync(second);
    }

    public async ValueTask DisposeAsync()
    {
        await second.DisposeAsync();
        await first.DisposeAsync();
        tokens.Dispose();
    }

    [Fact]
    public async Task ResolveSkill_AliasMovedOverAndOver_IsRightAtOnceHereAndSoonThere()
    {
        var name = await here.RegisterVersionsAsync("1.0.0", "1.1.0");
        foreach (var round in Enumerable.Range(0, 50))
        {
            var version = $"1.{round % 2}.0";
            await here.SetAliasAsync(name, "production", version);

            Assert.Equal(version, (await here.ResolveAsync(name, "production")).Version);
            await Eventually.TrueAsync(async () => (await there.ResolveAsync(name, "production")).Version == version, Cancellation);

            // Once seen, never the former again.
            Assert.Equal(version, (await there.ResolveAsync(name, "production")).Version);
        }
    }

    [Fact]
    public async Task EveryKindOfChange_MadeHere_IsSeenThere()
    {
        var name = await here.RegisterVersionsAsync("1.0.0");
        var reader = new SkillService.SkillServiceClient(second.As("reader"));
        Assert.Equal("1.0.0", (await reader.GetAsync(name)).Version);

        await here.RegisterAsync(SkillsFixture.NewSkill(name, "1.1.0"));
        await Eventually.TrueAsync(async () => (await reader.GetAsync(name)).Version == "1.1.0", Cancellation);

        await here.DeprecateAsync(name, "1.1.0", "Old.");
        await Eventually.TrueAsync(async () => (await reader.GetAsync(name, "1.1.0")).StateReason == "Old.", Cancellation);

        await here.WithdrawAsync(name, "1.1.0", "Wrong.");
        await Eventually.TrueAsync(async () => (await reader.ResolveAsync(name, "^1.0.0")).Version == "1.0.0", Cancellation);

        await here.SetVisibilityAsync(new SetVisibilityRequest { SkillName = name, Visibility = new Visibility { Teams = { "grid" } } }, cancellationToken: Cancellation);
        await Eventually.TrueAsync(async () => await IsGoneAsync(reader, name), Cancellation);
    }

    [Fact]
    public async Task Draft_ReplacedHere_IsReadAnewThere()
    {
        var draft = SkillsFixture.NewSkill();
        foreach (var round in Enumerable.Range(0, 20))
        {
            draft.PromptTemplate = $"Round {round}.";
            var digest = (await here.RegisterAsync(draft, draft: true)).Digest;

            await Eventually.TrueAsync(async () => (await there.GetAsync(draft.SkillName, "1.0.0")).Digest == digest, Cancellation);
            Assert.Equal(draft.PromptTemplate, (await there.GetAsync(draft.SkillName, "1.0.0")).PromptTemplate);
        }
    }

    [Fact]
    public async Task Reading_WhileVersionsArePublished_NeverGoesBack()
    {
        var name = await here.RegisterVersionsAsync("1.0.0");
        using var published = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var readers = new[] { here, there, here, there }.Select(client => Task.Run(() => NeverGoesBackAsync(client, name, published.Token), Cancellation)).ToArray();

        foreach (var minor in Enumerable.Range(1, 60))
        {
            await here.RegisterAsync(SkillsFixture.NewSkill(name, $"1.{minor}.0"));
            Assert.Equal($"1.{minor}.0", (await here.GetAsync(name)).Version);
        }

        await Eventually.TrueAsync(async () => (await there.GetAsync(name)).Version == "1.60.0", Cancellation);
        await published.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task Change_WhileTheOtherDoesNotHear_IsSeenAllTheSame()
    {
        var name = await here.RegisterVersionsAsync("1.0.0", "1.1.0");
        await here.SetAliasAsync(name, "production", "1.0.0");
        await Eventually.TrueAsync(async () => (await there.ResolveAsync(name, "production")).Version == "1.0.0", Cancellation);

        await using (var database = NpgsqlDataSource.Create(await PostgresFixture.SettingsAsync(first.Database)))
        await using (var deafen = database.CreateCommand($"select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like '{ListensFor}'"))
        {
            await deafen.ExecuteNonQueryAsync(Cancellation);
        }

        await here.SetAliasAsync(name, "production", "1.1.0");

        await Eventually.TrueAsync(async () => (await there.ResolveAsync(name, "production")).Version == "1.1.0", Cancellation);
        await HearingAsync(second);
        await here.SetAliasAsync(name, "production", "1.0.0");
        await Eventually.TrueAsync(async () => (await there.ResolveAsync(name, "production")).Version == "1.0.0", Cancellation);
    }

    private static SkillService.SkillServiceClient Client(RunningService service) => new(service.As("ada", ("rbac_scope", "skills:publish")));

    private static Task HearingAsync(RunningService service) =>
        Eventually.TrueAsync(() => service.Application.Services.GetRequiredService<Hearing>().IsCurrent, Cancellation);

    private static async Task NeverGoesBackAsync(SkillService.SkillServiceClient client, string name, CancellationToken until)
    {
        var highest = 0;
        while (!until.IsCancellationRequested)
        {
            var minor = int.Parse((await client.GetAsync(name)).Version.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(minor >= highest, $"1.{minor}.0 after 1.{highest}.0");
            highest = minor;
        }
    }

    private static async Task<bool> IsGoneAsync(SkillService.SkillServiceClient client, string name)
    {
        try
        {
            await client.GetAsync(name);
            return false;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound)
        {
            return true;
        }
    }
}
