using Mainstay.Audit.Tests.Sinks.Stubs;
using Mainstay.Testing;

namespace Mainstay.Audit.Tests.Sinks.CloudWatch;

public sealed class CloudWatchSinkTests : IAsyncLifetime
{
    private readonly CloudWatchLogs logs = new();
    private TrailDatabase trail = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        trail = await TrailDatabase.CreateAsync(Cancellation);
        await logs.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await logs.DisposeAsync();
        await trail.DisposeAsync();
    }

    [Fact]
    public async Task Deliver_EventsOutOfTheOrderOfTime_ArriveAllInTheOrderOfTime()
    {
        var ids = await trail.AppendAsync(Enumerable.Range(0, 50).Select(i => TrailDatabase.NewEvent() with { Timestamp = Now.AddSeconds(i % 2 == 0 ? i : -i) }), Cancellation);

        await using var running = Run();
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids.Order(), logs.Ids.Order());
        Assert.Equal(logs.Times.Order(), logs.Times);
        Assert.Equal(["no stream"], logs.Refusals);
    }

    [Fact]
    public async Task Deliver_MoreThanOneRequestHolds_StaysWithinTheLimits()
    {
        var ids = await trail.AppendAsync(
            [
                .. Enumerable.Range(0, 40).Select(i => TrailDatabase.NewEvent() with { Attributes = new Dictionary<string, string> { ["text"] = new('é', 20_000) } }),
                .. Enumerable.Range(0, 6).Select(i => TrailDatabase.NewEvent() with { Timestamp = Now.AddHours(-60 + (10 * i)) }),
            ],
            Cancellation);

        await using var running = Run();
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids.Order(), logs.Ids.Order());
        Assert.DoesNotContain("limits", logs.Refusals);
    }

    [Fact]
    public async Task Deliver_TimesThatCloudWatchRejects_AreFiledAtItsLimits()
    {
        var ids = await trail.AppendAsync(
            [TrailDatabase.NewEvent() with { Timestamp = Now.AddDays(-400) }, TrailDatabase.NewEvent(), TrailDatabase.NewEvent() with { Timestamp = Now.AddDays(3) }], Cancellation);

        await using var running = Run();
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, logs.Ids);
        Assert.DoesNotContain("times", logs.Refusals);
        Assert.Empty(await trail.DeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task Deliver_OlderThanTheGroupKeeps_GoesToTheDeadLettersAlone()
    {
        logs.Retention = TimeSpan.FromDays(1);
        var ids = await trail.AppendAsync([TrailDatabase.NewEvent() with { Timestamp = Now.AddHours(-25) }, TrailDatabase.NewEvent() with { Timestamp = Now.AddHours(-2) }], Cancellation);

        await using var running = Run();
        await trail.DrainedAsync(Cancellation);

        Assert.Equal([ids[1]], logs.Ids);
        Assert.Equal([(ids[0], "CloudWatch rejected it as too old for the log group.")], await trail.DeadLettersAsync(Cancellation));
    }

    [Theory]
    [InlineData("secret_access_key", "another", "it answered 400 (InvalidSignatureException)")]
    [InlineData("create_stream", "false", "it answered 400 (ResourceNotFoundException)")]
    public async Task Deliver_SettingsThatAreWrong_StopTheSink(string key, string value, string reason)
    {
        await trail.AppendAsync(1, Cancellation);

        await using var running = Run((key, value));
        await Eventually.TrueAsync(async () => await trail.StateAsync<string>("hold", Cancellation) == "stopped", Cancellation);

        Assert.Equal(reason, await trail.StateAsync<string>("hold_reason", Cancellation));
    }

    private RunningSink Run(params (string Key, string Value)[] settings) => trail.Run(TrailDatabase.Configure(
        logs.Type, [.. logs.Settings.Where(one => settings.All(setting => setting.Key != one.Key)), .. settings]));
}
