using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;
using Mainstay.Audit.Tests.Sinks.Stubs;

namespace Mainstay.Audit.Tests.Sinks.Otlp;

public sealed class OtlpSinkTests : IAsyncLifetime
{
    private readonly OtlpCollector collector = new();
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
    public async Task Deliver_Events_AreRecordsThatOpenTelemetrysOwnReaderUnderstands()
    {
        var sent = TrailDatabase.NewEvent("tool_call", "denied") with { TraceId = "4bf92f3577b34da6a3ce929d0e0e4736", UserContext = new() { InitiatedBy = "ada\nforged" } };
        await trail.AppendAsync([sent], Cancellation);

        await using var running = trail.Run(TrailDatabase.Configure(collector.Type, [.. collector.Settings]));
        await trail.DrainedAsync(Cancellation);

        var logs = (await ReadAsync(Assert.Single(collector.Bodies)))["resourceLogs"]![0]!;
        var record = logs["scopeLogs"]![0]!["logRecords"]![0]!;
        var attributes = record["attributes"]!.AsArray().ToDictionary(one => (string)one!["key"]!, one => (string?)one!["value"]!["stringValue"]);
        Assert.Equal("mainstay-audit", (string?)logs["resource"]!["attributes"]![0]!["value"]!["stringValue"]);
        Assert.Equal((sent.Timestamp.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100, long.Parse((string)record["timeUnixNano"]!));
        Assert.Equal("SEVERITY_NUMBER_WARN", (string?)record["severityNumber"]);
        Assert.Equal(Convert.ToBase64String(Convert.FromHexString(sent.TraceId)), (string?)record["traceId"]);
        Assert.Equal(sent.EventId, attributes["audit.event_id"]);
        Assert.Equal("denied", attributes["audit.result"]);
        Assert.Equal(@"ada\u000aforged", attributes["enduser.id"]);
        Assert.Equal(sent.EventId, (string?)JsonNode.Parse((string)record["body"]!["stringValue"]!)!["event_id"]);
    }

    [Fact]
    public async Task Deliver_CollectorRejectsSomeWithoutSayingWhich_KeepsThemAllAmongTheDeadLetters()
    {
        collector.Rejects = 2;
        var ids = await trail.AppendAsync(5, Cancellation);

        await using var running = trail.Run(TrailDatabase.Configure(collector.Type, [.. collector.Settings]));
        await trail.DrainedAsync(Cancellation);

        var dead = await trail.DeadLettersAsync(Cancellation);
        Assert.Equal(ids, dead.Select(one => one.EventId));
        Assert.All(dead, one => Assert.Contains("rejected 2 of the 5", one.Reason, StringComparison.Ordinal));
        Assert.Equal(1, collector.Requests);
    }

    private static async Task<JsonNode> ReadAsync(byte[] request)
    {
        var directory = typeof(OtlpSinkTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "PeersDirectory").Value!;
        using var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(directory, "read-logs.js")]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await process.StandardInput.BaseStream.WriteAsync(request, Cancellation);
        process.StandardInput.Close();
        return JsonNode.Parse(await process.StandardOutput.ReadToEndAsync(Cancellation))!;
    }
}
