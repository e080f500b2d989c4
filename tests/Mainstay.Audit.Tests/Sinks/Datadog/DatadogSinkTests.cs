using Mainstay.Audit.Tests.Sinks.Stubs;

namespace Mainstay.Audit.Tests.Sinks.Datadog;

public sealed class DatadogSinkTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deliver_MoreThanOneRequestHolds_StaysWithinTheLimits()
    {
        await using var scene = await SinkScene<DatadogIntake>.StartAsync(Cancellation);
        var ids = await scene.Trail.AppendAsync(
            [
                .. Enumerable.Range(0, 1500).Select(i => TrailDatabase.NewEvent($"small_{i}")),
                .. Enumerable.Range(0, 60).Select(i => TrailDatabase.NewEvent($"large_{i}") with { Attributes = new Dictionary<string, string> { ["text"] = new('é', 60_000) } }),
            ],
            Cancellation);

        await scene.DeliverAsync();

        Assert.Equal(ids, scene.Receiver.Ids);
        Assert.Empty(scene.Receiver.Refusals);
    }

    [Fact]
    public async Task Deliver_EventOlderThanDatadogTakes_ArrivesAsLate()
    {
        await using var scene = await SinkScene<DatadogIntake>.StartAsync(Cancellation);
        var ids = await scene.Trail.AppendAsync([TrailDatabase.NewEvent() with { Timestamp = TimeProvider.System.GetUtcNow().AddDays(-3) }, TrailDatabase.NewEvent()], Cancellation);

        await scene.DeliverAsync();

        Assert.Equal(ids, scene.Receiver.Ids);
        Assert.True((bool)scene.Receiver.Entries[0]["late"]!);
        Assert.False(scene.Receiver.Entries[0].ContainsKey("timestamp"));
        Assert.True(scene.Receiver.Entries[1].ContainsKey("timestamp"));
        Assert.Empty(scene.Receiver.Refusals);
    }

    [Fact]
    public async Task Deliver_IntakeTakesFewerEntries_AreSplitOn413()
    {
        await using var scene = await SinkScene<DatadogIntake>.StartAsync(Cancellation);
        scene.Receiver.MostEntries = 7;
        var ids = await scene.Trail.AppendAsync(100, Cancellation);

        await scene.DeliverAsync();

        Assert.Equal(ids, scene.Receiver.Ids);
        Assert.Contains("size", scene.Receiver.Refusals);
        Assert.Empty(await scene.Trail.DeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task Deliver_EventLargerThanDatadogTakes_IsCutAndNotLost()
    {
        await using var scene = await SinkScene<DatadogIntake>.StartAsync(Cancellation);

        // Each of the characters has six as the sink writes it.
        var ids = await scene.Trail.AppendAsync([TrailDatabase.NewEvent() with { Attributes = new Dictionary<string, string> { ["text"] = new('<', 250_000) } }], Cancellation);

        await scene.DeliverAsync();

        Assert.Equal(ids, scene.Receiver.Ids);
        Assert.Empty(scene.Receiver.Refusals);
        Assert.EndsWith("… [cut from 250000 characters]", (string?)Assert.Single(scene.Receiver.Entries)["audit"]!["attributes"]!["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deliver_WrongKey_StopsTheSink()
    {
        await using var scene = await SinkScene<DatadogIntake>.StartAsync(Cancellation);
        await scene.Trail.AppendAsync(1, Cancellation);

        await using var running = scene.Run(("api_key", "another"));

        Assert.Equal("it answered 403", await scene.StoppedAsync(Cancellation));
        Assert.Equal(1, scene.Receiver.Requests);
    }

    [Fact]
    public async Task Encode_TextThatWouldForgeALine_IsVisibleInTheMessage()
    {
        await using var scene = await SinkScene<DatadogIntake>.StartAsync(Cancellation);
        await scene.Trail.AppendAsync([TrailDatabase.NewEvent() with { UserContext = new() { InitiatedBy = "ada\nforged" } }], Cancellation);

        await scene.DeliverAsync(("tags:0", "env:test"), ("host", "box"));

        var entry = Assert.Single(scene.Receiver.Entries);
        Assert.Equal(@"tool_call success by ada\u000aforged", (string?)entry["message"]);
        Assert.Equal("env:test", (string?)entry["ddtags"]);
        Assert.Equal("box", (string?)entry["hostname"]);
        Assert.Equal("tool-gateway", (string?)entry["service"]);
    }
}
