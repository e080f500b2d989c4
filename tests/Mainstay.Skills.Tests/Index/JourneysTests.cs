using System.Collections.Concurrent;
using System.Diagnostics;
using Mainstay.Skills.Index;
using Mainstay.Skills.V1;
using Mainstay.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mainstay.Skills.Tests.Index;

/// <summary>How often a reading asks the database: once for what this process has not read before, and then not at all.</summary>
public sealed class JourneysTests : IAsyncLifetime
{
    private static readonly string[] StatementTags = ["db.query.text", "db.statement"];

    private readonly TestTokens tokens = new();
    private readonly ConcurrentDictionary<ActivityTraceId, int> journeys = new();
    private readonly ActivityListener listener;
    private RunningService first = null!;
    private RunningService second = null!;

    public JourneysTests()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TagObjects.Any(tag => StatementTags.Contains(tag.Key)))
                {
                    journeys.AddOrUpdate(activity.TraceId, 1, (_, count) => count + 1);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        first = await RunningService.StartAsync(SkillsApplication.Build, "skills", Cancellation, "", tokens);
        second = await RunningService.StartAsync(SkillsApplication.Build, "skills", Cancellation, "", tokens, "--postgres:database", first.Database);
    }

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await second.DisposeAsync();
        await first.DisposeAsync();
        tokens.Dispose();
    }

    [Theory]
    [InlineData("1.0.0")]
    [InlineData("")]
    public async Task GetSkill_NeverReadHere_TakesOneJourneyAndThenNone(string version)
    {
        var writer = new SkillService.SkillServiceClient(first.As("ada", ("rbac_scope", "skills:publish")));
        var reader = new SkillService.SkillServiceClient(second.As("reader"));

        // Whoever has not heard the database for a while asks it each time; then another skill is read.
        await Eventually.TrueAsync(
            async () =>
            {
                await Eventually.TrueAsync(() => second.Application.Services.GetRequiredService<Hearing>().IsCurrent, Cancellation);
                var name = await writer.RegisterVersionsAsync("1.0.0", "1.1.0");
                return (await CountAsync(reader, name, version), await CountAsync(reader, name, version)) == (1, 0);
            },
            Cancellation);
    }

    private async Task<int> CountAsync(SkillService.SkillServiceClient reader, string name, string version)
    {
        using var trace = new Activity("reading").SetIdFormat(ActivityIdFormat.W3C).Start();
        await reader.GetSkillAsync(new GetSkillRequest { SkillName = name, Version = version }, cancellationToken: Cancellation);
        return journeys.GetValueOrDefault(trace.TraceId);
    }
}
