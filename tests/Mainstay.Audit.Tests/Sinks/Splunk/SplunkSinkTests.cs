using Mainstay.Audit.Sinks.Http;
using Mainstay.Audit.Sinks.Splunk;
using Mainstay.Audit.Tests.Sinks.Stubs;
using Mainstay.Testing;

namespace Mainstay.Audit.Tests.Sinks.Splunk;

public sealed class SplunkSinkTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deliver_IndexersLoseWhatTheyTook_ComesAgainUntilAcknowledged()
    {
        await using var scene = await SinkScene<SplunkCollector>.StartAsync(Cancellation);
        scene.Receiver.Acknowledges = false;
        var ids = await scene.Trail.AppendAsync(20, Cancellation);

        await using var running = scene.Run(("acknowledge_timeout", "100ms"), ("first_backoff", "5ms"), ("longest_backoff", "5ms"));
        await Eventually.TrueAsync(async () => await scene.Trail.StateAsync<int>("failure_count", Cancellation) >= 2, Cancellation);
        Assert.Equal(0, await scene.Trail.StateAsync<long>("sequence", Cancellation));
        scene.Receiver.Acknowledges = true;
        await scene.Trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, scene.Receiver.Ids);
    }

    [Fact]
    public async Task Deliver_EventThatTheCollectorNames_GoesToTheDeadLettersAlone()
    {
        await using var scene = await SinkScene<SplunkCollector>.StartAsync(Cancellation);
        scene.Receiver.Poison = "step_3";
        var ids = await scene.Trail.AppendAsync(10, Cancellation);

        await scene.DeliverAsync();

        Assert.Equal(ids.Where(id => id != ids[3]), scene.Receiver.Ids);
        Assert.Equal([(ids[3], "it answered 400 (code 12)")], await scene.Trail.DeadLettersAsync(Cancellation));
        Assert.Single(scene.Receiver.Refusals);
    }

    [Fact]
    public async Task Deliver_ManyLargeEvents_StaysWithinTheLimits()
    {
        await using var scene = await SinkScene<SplunkCollector>.StartAsync(Cancellation);
        var ids = await scene.Trail.AppendAsync(
            Enumerable.Range(0, 40).Select(_ => TrailDatabase.NewEvent() with { Attributes = new Dictionary<string, string> { ["text"] = new('é', 20_000) } }), Cancellation);

        await scene.DeliverAsync();

        Assert.Equal(ids, scene.Receiver.Ids);
        Assert.Empty(scene.Receiver.Refusals);
    }

    [Fact]
    public async Task Deliver_ManySmallEvents_CountsTheirLineEnds()
    {
        await using var scene = await SinkScene<SplunkCollector>.StartAsync(Cancellation);
        var ids = await scene.Trail.AppendAsync(3000, Cancellation);

        await scene.DeliverAsync();

        Assert.Equal(ids, scene.Receiver.Ids);
        Assert.Empty(scene.Receiver.Refusals);
    }

    [Theory]
    [InlineData("token", "another", "it answered 403 (code 4)")]
    [InlineData("acknowledge", "false", "it answered 400 (code 10)")]
    public async Task Deliver_SettingsThatAreWrong_StopTheSink(string key, string value, string reason)
    {
        await using var scene = await SinkScene<SplunkCollector>.StartAsync(Cancellation);
        await scene.Trail.AppendAsync(1, Cancellation);

        await using var running = scene.Run((key, value));

        Assert.Equal(reason, await scene.StoppedAsync(Cancellation));
    }

    [Fact]
    public async Task Deliver_WithoutAcknowledgement_CountsOnceTheCollectorAnswers()
    {
        await using var scene = await SinkScene<SplunkCollector>.StartAsync(Cancellation);
        scene.Receiver.HasAcknowledgement = false;
        var ids = await scene.Trail.AppendAsync(20, Cancellation);

        await scene.DeliverAsync(("acknowledge", "false"));

        Assert.Equal(ids, scene.Receiver.Ids);
        Assert.Equal(1, scene.Receiver.Requests);
    }

    [Fact]
    public async Task Deliver_CollectorAcknowledgesNothing_StopsRatherThanTrustIt()
    {
        await using var scene = await SinkScene<SplunkCollector>.StartAsync(Cancellation);
        scene.Receiver.HasAcknowledgement = false;
        await scene.Trail.AppendAsync(1, Cancellation);

        await using var running = scene.Run(("acknowledge", "true"));

        Assert.Equal(
            "it acknowledges nothing: enable indexer acknowledgement for the token, or set acknowledge to false", await scene.StoppedAsync(Cancellation));
        Assert.Equal(0, await scene.Trail.StateAsync<long>("sequence", Cancellation));
    }

    [Fact]
    public async Task IsAcknowledged_IdOfAnotherChannel_IsNot()
    {
        await using var collector = new SplunkCollector();
        await collector.StartAsync(Cancellation);
        using var mine = Client(collector);
        using var other = Client(collector);

        var ackId = (await mine.SendAsync("""{"event":{}}""", Cancellation)).AckId!.Value;

        Assert.Equal((false, true), (await other.IsAcknowledgedAsync(ackId, Cancellation), await mine.IsAcknowledgedAsync(ackId, Cancellation)));
    }

    private static HecClient Client(SplunkCollector collector) => new(
        new Uri(collector.Address), collector.Settings.Single(one => one.Key == "token").Value, true, new SinkHttp(TimeSpan.FromMinutes(1), TimeProvider.System));
}
