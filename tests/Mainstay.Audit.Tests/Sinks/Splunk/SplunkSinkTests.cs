using Mainstay.Audit.Tests.Sinks.Stubs;
using Mainstay.Testing;

namespace Mainstay.Audit.Tests.Sinks.Splunk;

public sealed class SplunkSinkTests : IAsyncLifetime
{
    private readonly SplunkCollector collector = new();
    private TrailDatabase trail = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        trail = await TrailDatabase.CreateAsync(Cancellation);
        await collector.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await collector.DisposeAsync();
        await trail.DisposeAsync();
    }

    [Fact]
    public async Task Deliver_IndexersLoseWhatTheyTook_ComesAgainUntilAcknowledged()
    {
        collector.Acknowledges = false;
        var ids = await trail.AppendAsync(20, Cancellation);

        await using var running = Run(("acknowledge_timeout", "100ms"), ("first_backoff", "5ms"), ("longest_backoff", "5ms"));
        await Eventually.TrueAsync(async () => await trail.StateAsync<int>("failure_count", Cancellation) >= 2, Cancellation);
        Assert.Equal(0, await trail.StateAsync<long>("sequence", Cancellation));
        collector.Acknowledges = true;
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, collector.Ids);
    }

    [Fact]
    public async Task Deliver_EventThatTheCollectorNames_GoesToTheDeadLettersAlone()
    {
        collector.Poison = "step_3";
        var ids = await trail.AppendAsync(10, Cancellation);

        await using var running = Run();
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids.Where(id => id != ids[3]), collector.Ids);
        Assert.Equal([(ids[3], "it answered 400 (code 12)")], await trail.DeadLettersAsync(Cancellation));
        Assert.Single(collector.Refusals);
    }

    [Fact]
    public async Task Deliver_ManyLargeEvents_StaysWithinTheLimits()
    {
        var ids = await trail.AppendAsync(
            Enumerable.Range(0, 40).Select(_ => TrailDatabase.NewEvent() with { Attributes = new Dictionary<string, string> { ["text"] = new('é', 20_000) } }), Cancellation);

        await using var running = Run();
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, collector.Ids);
        Assert.Empty(collector.Refusals);
    }

    [Theory]
    [InlineData("token", "another", "it answered 403 (code 4)")]
    [InlineData("acknowledge", "false", "it answered 400 (code 10)")]
    public async Task Deliver_SettingsThatAreWrong_StopTheSink(string key, string value, string reason)
    {
        await trail.AppendAsync(1, Cancellation);

        await using var running = Run((key, value));
        await Eventually.TrueAsync(async () => await trail.StateAsync<string>("hold", Cancellation) == "stopped", Cancellation);

        Assert.Equal(reason, await trail.StateAsync<string>("hold_reason", Cancellation));
    }

    private RunningSink Run(params (string Key, string Value)[] settings) => trail.Run(TrailDatabase.Configure(
        collector.Type, [.. collector.Settings.Where(one => settings.All(setting => setting.Key != one.Key)), .. settings]));
}
