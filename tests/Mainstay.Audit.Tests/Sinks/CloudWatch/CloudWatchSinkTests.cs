using Mainstay.Audit.Tests.Sinks.Stubs;
using Mainstay.Testing;
using Microsoft.AspNetCore.Http;

namespace Mainstay.Audit.Tests.Sinks.CloudWatch;

public sealed class CloudWatchSinkTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Deliver_EventsOutOfTheOrderOfTime_ArriveAllInTheOrderOfTime()
    {
        await using var scene = await SinkScene<CloudWatchLogs>.StartAsync(Cancellation);
        var ids = await scene.Trail.AppendAsync(Enumerable.Range(0, 50).Select(i => TrailDatabase.NewEvent() with { Timestamp = Now.AddSeconds(i % 2 == 0 ? i : -i) }), Cancellation);

        await scene.DeliverAsync();

        Assert.Equal(ids.Order(), scene.Receiver.Ids.Order());
        Assert.Equal(scene.Receiver.Times.Order(), scene.Receiver.Times);
        Assert.Equal(["no stream"], scene.Receiver.Refusals);
    }

    [Fact]
    public async Task Deliver_MoreThanOneRequestHolds_StaysWithinTheLimits()
    {
        await using var scene = await SinkScene<CloudWatchLogs>.StartAsync(Cancellation);
        var ids = await scene.Trail.AppendAsync(
            [
                .. Enumerable.Range(0, 40).Select(i => TrailDatabase.NewEvent() with { Attributes = new Dictionary<string, string> { ["text"] = new('é', 20_000) } }),
                .. Enumerable.Range(0, 6).Select(i => TrailDatabase.NewEvent() with { Timestamp = Now.AddHours(-60 + (10 * i)) }),
            ],
            Cancellation);

        await scene.DeliverAsync();

        Assert.Equal(ids.Order(), scene.Receiver.Ids.Order());
        Assert.DoesNotContain("limits", scene.Receiver.Refusals);
    }

    [Fact]
    public async Task Deliver_TimesThatCloudWatchRejects_AreFiledAtItsLimits()
    {
        await using var scene = await SinkScene<CloudWatchLogs>.StartAsync(Cancellation);
        var ids = await scene.Trail.AppendAsync(
            [TrailDatabase.NewEvent() with { Timestamp = Now.AddDays(-400) }, TrailDatabase.NewEvent(), TrailDatabase.NewEvent() with { Timestamp = Now.AddDays(3) }], Cancellation);

        await scene.DeliverAsync();

        Assert.Equal(ids, scene.Receiver.Ids);
        Assert.DoesNotContain("times", scene.Receiver.Refusals);
        Assert.Empty(await scene.Trail.DeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task Deliver_OlderThanTheGroupKeeps_GoesToTheDeadLettersAlone()
    {
        await using var scene = await SinkScene<CloudWatchLogs>.StartAsync(Cancellation);
        scene.Receiver.Retention = TimeSpan.FromDays(1);
        var ids = await scene.Trail.AppendAsync([TrailDatabase.NewEvent() with { Timestamp = Now.AddHours(-25) }, TrailDatabase.NewEvent() with { Timestamp = Now.AddHours(-2) }], Cancellation);

        await scene.DeliverAsync();

        Assert.Equal([ids[1]], scene.Receiver.Ids);
        Assert.Equal([(ids[0], "CloudWatch rejected it as too old for the log group.")], await scene.Trail.DeadLettersAsync(Cancellation));
    }

    [Theory]
    [InlineData("secret_access_key", "another", "it answered 400 (InvalidSignatureException)")]
    [InlineData("create_stream", "false", "it answered 400 (ResourceNotFoundException)")]
    [InlineData("log_group", "another", "it answered 400 (ResourceNotFoundException)")]
    public async Task Deliver_SettingsThatAreWrong_StopTheSink(string key, string value, string reason)
    {
        await using var scene = await SinkScene<CloudWatchLogs>.StartAsync(Cancellation);
        await scene.Trail.AppendAsync(1, Cancellation);

        await using var running = scene.Run((key, value));

        Assert.Equal(reason, await scene.StoppedAsync(Cancellation));
    }

    [Fact]
    public async Task Deliver_CloudWatchThrottles_WaitsAndLosesNothing()
    {
        await using var scene = await SinkScene<CloudWatchLogs>.StartAsync(Cancellation);
        scene.Receiver.Fault = context =>
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return context.Response.WriteAsync("""{"__type":"com.amazonaws.logs#ThrottlingException","message":"Rate exceeded"}""");
        };
        var ids = await scene.Trail.AppendAsync(10, Cancellation);

        await using var running = scene.Run(("first_backoff", "5ms"), ("longest_backoff", "5ms"));
        await Eventually.TrueAsync(async () => await scene.Trail.StateAsync<string>("failure", Cancellation) == "it answered 400 (ThrottlingException)", Cancellation);
        scene.Receiver.Fault = null;
        await scene.Trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, scene.Receiver.Ids);
    }

    [Fact]
    public async Task Deliver_StreamCannotBeMadeNow_WaitsAndLosesNothing()
    {
        await using var scene = await SinkScene<CloudWatchLogs>.StartAsync(Cancellation);
        scene.Receiver.ThrottlesCreation = true;
        var ids = await scene.Trail.AppendAsync(2, Cancellation);

        await using var running = scene.Run(("first_backoff", "5ms"), ("longest_backoff", "5ms"));
        await Eventually.TrueAsync(async () => await scene.Trail.StateAsync<string>("failure", Cancellation) == "it answered 400 (ThrottlingException)", Cancellation);
        scene.Receiver.ThrottlesCreation = false;
        await scene.Trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, scene.Receiver.Ids);
    }

    [Theory]
    [InlineData(-10)]
    [InlineData(10)]
    public async Task Deliver_ClockIsWrong_WaitsUntilItIsRight(int minutes)
    {
        await using var scene = await SinkScene<CloudWatchLogs>.StartAsync(Cancellation);
        var clock = new WrongClock { Ahead = TimeSpan.FromMinutes(minutes) };
        var ids = await scene.Trail.AppendAsync(2, Cancellation);

        await using var running = scene.Trail.Run(
            TrailDatabase.Configure(scene.Receiver.Type, clock, [.. scene.Receiver.Settings, ("first_backoff", "5ms"), ("longest_backoff", "5ms")]));
        await Eventually.TrueAsync(
            async () => await scene.Trail.StateAsync<string>("failure", Cancellation) == "it answered 400 (InvalidSignatureException: the clocks differ)", Cancellation);
        clock.Ahead = TimeSpan.Zero;
        await scene.Trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, scene.Receiver.Ids);
        Assert.Equal("none", await scene.Trail.StateAsync<string>("hold", Cancellation));
    }

    [Fact]
    public async Task Deliver_FartherAheadThanCloudWatchTakes_GoesToTheDeadLettersAlone()
    {
        await using var scene = await SinkScene<CloudWatchLogs>.StartAsync(Cancellation);
        scene.Receiver.LongestLead = TimeSpan.FromMinutes(30);
        var ids = await scene.Trail.AppendAsync([TrailDatabase.NewEvent() with { Timestamp = Now.AddMinutes(60) }, TrailDatabase.NewEvent()], Cancellation);

        await scene.DeliverAsync();

        Assert.Equal([ids[1]], scene.Receiver.Ids);
        Assert.Equal([(ids[0], "CloudWatch rejected it as too far in the future.")], await scene.Trail.DeadLettersAsync(Cancellation));
    }

    /// <summary>A clock that is wrong by as much as the test says.</summary>
    private sealed class WrongClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
