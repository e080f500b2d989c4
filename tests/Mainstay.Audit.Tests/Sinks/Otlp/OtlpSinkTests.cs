using System.Text.Json.Nodes;
using Mainstay.Audit.Tests.Sinks.Stubs;

namespace Mainstay.Audit.Tests.Sinks.Otlp;

public sealed class OtlpSinkTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deliver_EventsOverHttp_AreRecordsThatOpenTelemetrysOwnReaderUnderstands()
    {
        await using var scene = await SinkScene<OtlpCollector>.StartAsync(Cancellation);
        await IsUnderstoodAsync(scene, collector => collector.Bodies);
    }

    [Fact]
    public async Task Deliver_EventsOverGrpc_AreRecordsThatOpenTelemetrysOwnReaderUnderstands()
    {
        await using var scene = await SinkScene<OtlpGrpcCollector>.StartAsync(Cancellation);
        await IsUnderstoodAsync(scene, collector => collector.Bodies);
    }

    [Fact]
    public async Task Deliver_CollectorRejectsSomeWithoutSayingWhich_KeepsThemAllAmongTheDeadLetters()
    {
        await using var scene = await SinkScene<OtlpCollector>.StartAsync(Cancellation);
        scene.Receiver.Rejects = 2;
        await AreDeadAsync(scene);
    }

    [Fact]
    public async Task Deliver_CollectorOverGrpcRejectsSomeWithoutSayingWhich_KeepsThemAllAmongTheDeadLetters()
    {
        await using var scene = await SinkScene<OtlpGrpcCollector>.StartAsync(Cancellation);
        scene.Receiver.Rejects = 2;
        await AreDeadAsync(scene);
    }

    private static async Task IsUnderstoodAsync<TCollector>(SinkScene<TCollector> scene, Func<TCollector, List<byte[]>> bodies)
        where TCollector : StubServer, new()
    {
        var sent = TrailDatabase.NewEvent("tool_call", "denied") with { TraceId = "4bf92f3577b34da6a3ce929d0e0e4736", UserContext = new() { InitiatedBy = "ada\nforged" } };
        await scene.Trail.AppendAsync([sent], Cancellation);

        await scene.DeliverAsync();

        var request = JsonNode.Parse(await Peer.ReadAsync("read-logs.js", Assert.Single(bodies(scene.Receiver)), Cancellation))!;
        var logs = request["resourceLogs"]![0]!;
        var record = logs["scopeLogs"]![0]!["logRecords"]![0]!;
        var attributes = record["attributes"]!.AsArray().ToDictionary(one => (string)one!["key"]!, one => (string?)one!["value"]!["stringValue"]);
        Assert.Equal("mainstay-audit", (string?)logs["resource"]!["attributes"]![0]!["value"]!["stringValue"]);
        Assert.Equal("mainstay.audit", (string?)logs["scopeLogs"]![0]!["scope"]!["name"]);
        Assert.Equal((sent.Timestamp.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100, long.Parse((string)record["timeUnixNano"]!));
        Assert.Equal("SEVERITY_NUMBER_WARN", (string?)record["severityNumber"]);
        Assert.Equal(Convert.ToBase64String(Convert.FromHexString(sent.TraceId)), (string?)record["traceId"]);
        Assert.Equal(sent.EventId, attributes["audit.event_id"]);
        Assert.Equal("denied", attributes["audit.result"]);
        Assert.Equal(@"ada\u000aforged", attributes["enduser.id"]);
        Assert.Equal(sent.EventId, (string?)JsonNode.Parse((string)record["body"]!["stringValue"]!)!["event_id"]);
    }

    private static async Task AreDeadAsync<TCollector>(SinkScene<TCollector> scene)
        where TCollector : StubServer, new()
    {
        var ids = await scene.Trail.AppendAsync(5, Cancellation);

        await scene.DeliverAsync();

        var dead = await scene.Trail.DeadLettersAsync(Cancellation);
        Assert.Equal(ids, dead.Select(one => one.EventId));
        Assert.All(dead, one => Assert.Contains("rejected 2 of the 5", one.Reason, StringComparison.Ordinal));
        Assert.Equal(1, scene.Receiver.Requests);
    }
}
