using Mainstay.Audit.Tests.Sinks.Stubs;
using Mainstay.Testing;

namespace Mainstay.Audit.Tests.Sinks.Datadog;

public sealed class DatadogSinkTests : IAsyncLifetime
{
    private readonly DatadogIntake intake = new();
    private TrailDatabase trail = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        trail = await TrailDatabase.CreateAsync(Cancellation);
        await intake.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await intake.DisposeAsync();
        await trail.DisposeAsync();
    }

    [Fact]
    public async Task Deliver_MoreThanOneRequestHolds_StaysWithinTheLimits()
    {
        var ids = await trail.AppendAsync(
            [
                .. Enumerable.Range(0, 1500).Select(i => TrailDatabase.NewEvent($"small_{i}")),
                .. Enumerable.Range(0, 60).Select(i => TrailDatabase.NewEvent($"large_{i}") with { Attributes = new Dictionary<string, string> { ["text"] = new('é', 60_000) } }),
            ],
            Cancellation);

        await using var running = Run();
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, intake.Ids);
        Assert.Empty(intake.Refusals);
    }

    [Fact]
    public async Task Deliver_EventOlderThanDatadogTakes_ArrivesAsLate()
    {
        var ids = await trail.AppendAsync([TrailDatabase.NewEvent() with { Timestamp = TimeProvider.System.GetUtcNow().AddDays(-3) }, TrailDatabase.NewEvent()], Cancellation);

        await using var running = Run();
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, intake.Ids);
        Assert.True((bool)intake.Entries[0]["late"]!);
        Assert.False(intake.Entries[0].ContainsKey("timestamp"));
        Assert.True(intake.Entries[1].ContainsKey("timestamp"));
        Assert.Empty(intake.Refusals);
    }

    [Fact]
    public async Task Deliver_IntakeTakesFewerEntries_AreSplitOn413()
    {
        intake.MostEntries = 7;
        var ids = await trail.AppendAsync(100, Cancellation);

        await using var running = Run();
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, intake.Ids);
        Assert.Contains("size", intake.Refusals);
        Assert.Empty(await trail.DeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task Deliver_WrongKey_StopsTheSink()
    {
        await trail.AppendAsync(1, Cancellation);

        await using var running = Run(("api_key", "another"));
        await Eventually.TrueAsync(async () => await trail.StateAsync<string>("hold", Cancellation) == "stopped", Cancellation);

        Assert.Equal("it answered 403", await trail.StateAsync<string>("hold_reason", Cancellation));
        Assert.Equal(1, intake.Requests);
    }

    [Fact]
    public async Task Encode_TextThatWouldForgeALine_IsVisibleInTheMessage()
    {
        await trail.AppendAsync([TrailDatabase.NewEvent() with { UserContext = new() { InitiatedBy = "ada\nforged" } }], Cancellation);

        await using var running = Run(("tags:0", "env:test"), ("host", "box"));
        await trail.DrainedAsync(Cancellation);

        var entry = Assert.Single(intake.Entries);
        Assert.Equal(@"tool_call success by ada\u000aforged", (string?)entry["message"]);
        Assert.Equal("env:test", (string?)entry["ddtags"]);
        Assert.Equal("box", (string?)entry["hostname"]);
        Assert.Equal("tool-gateway", (string?)entry["service"]);
    }

    private RunningSink Run(params (string Key, string Value)[] settings) => trail.Run(TrailDatabase.Configure(
        intake.Type, [.. intake.Settings.Where(one => settings.All(setting => setting.Key != one.Key)), .. settings]));
}
