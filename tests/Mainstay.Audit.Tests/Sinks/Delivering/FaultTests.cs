using Mainstay.Audit.Tests.Sinks.Stubs;
using Mainstay.Testing;

namespace Mainstay.Audit.Tests.Sinks.Delivering;

public sealed class FaultTests
{
    private const int Count = 40;

    private static readonly IReadOnlyDictionary<string, Func<StubServer>> Receivers = new Dictionary<string, Func<StubServer>>
    {
        ["webhook"] = () => new WebhookReceiver(),
        ["datadog"] = () => new DatadogIntake(),
        ["cloudwatch"] = () => new CloudWatchLogs(),
        ["splunk"] = () => new SplunkCollector(),
        ["otlp"] = () => new OtlpCollector(),
        ["otlp over gRPC"] = () => new OtlpGrpcCollector(),
    };

    private static readonly string[] Secrets = ["secret", "api_key", "token", "secret_access_key", "headers:x-api-key"];

    public static TheoryData<string, string> Cases =>
        [.. Receivers.Keys.SelectMany(receiver => Faults.All.Keys.Select(fault => (receiver, fault)))];

    public static TheoryData<string> Types => [.. Receivers.Keys];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Run_ReceiverFailsAgainAndAgain_GetsEveryEventInOrder(string receiver, string fault)
    {
        await using var trail = await TrailDatabase.CreateAsync(Cancellation);
        await using var stub = Receivers[receiver]();
        await stub.StartAsync(Cancellation);
        stub.Fault = Faults.All[fault];
        var ids = await trail.AppendAsync(Count / 2, Cancellation);

        // Only where nothing else ends a request is the sink in a hurry: on a machine that is busy, a short time is over before any answer.
        (string, string)[] timeout = fault == "hangs" ? [("timeout", "400ms")] : [];
        await using var running = trail.Run(TrailDatabase.Configure(stub.Type, [.. stub.Settings, .. Impatient, .. timeout]));
        await Eventually.TrueAsync(async () => stub.Requests >= 3 && await trail.StateAsync<int>("failure_count", Cancellation) >= 2, Cancellation);
        var failure = await trail.StateAsync<string>("failure", Cancellation);
        stub.Fault = null;
        await trail.DrainedAsync(Cancellation);

        // Once more, in the middle of things.
        stub.Fault = Faults.All[fault];
        ids = [.. ids, .. await trail.AppendAsync(Count / 2, Cancellation)];
        await Eventually.TrueAsync(async () => await trail.StateAsync<int>("failure_count", Cancellation) >= 1, Cancellation);
        stub.Fault = null;
        await trail.DrainedAsync(Cancellation);

        Assert.NotEqual("", failure);
        Assert.All(stub.Settings.Where(setting => Secrets.Contains(setting.Key)), secret => Assert.DoesNotContain(secret.Value, failure, StringComparison.Ordinal));
        Assert.DoesNotContain(stub.Address, failure, StringComparison.Ordinal);
        Assert.Equal(ids, stub.Ids);
        Assert.Empty(await trail.DeadLettersAsync(Cancellation));
        Assert.Equal("none", await trail.StateAsync<string>("hold", Cancellation));
        Assert.Equal("", await trail.StateAsync<string>("failure", Cancellation));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Run_ReceiverIsDown_IsCaughtUpWithWhenItComes(string receiver)
    {
        await using var trail = await TrailDatabase.CreateAsync(Cancellation);
        await using var stub = Receivers[receiver]();
        await stub.StartAsync(Cancellation);
        await using var running = trail.Run(TrailDatabase.Configure(stub.Type, [.. stub.Settings, .. Impatient]));
        var ids = await trail.AppendAsync(Count / 2, Cancellation);
        await trail.DrainedAsync(Cancellation);

        await stub.StopAsync();
        ids = [.. ids, .. await trail.AppendAsync(Count / 2, Cancellation)];
        await Eventually.TrueAsync(async () => await trail.StateAsync<int>("failure_count", Cancellation) >= 2, Cancellation);
        await stub.StartAsync(Cancellation);
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, stub.Ids);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Run_StoppedInTheMiddle_GoesOnFromWhereItWas(string receiver)
    {
        await using var trail = await TrailDatabase.CreateAsync(Cancellation);
        await using var stub = Receivers[receiver]();
        await stub.StartAsync(Cancellation);

        // More than one delivery holds; those to a webhook hold one event each.
        var (count, step) = stub is WebhookReceiver ? (120, 40) : (2400, 700);
        var ids = await trail.AppendAsync(count, Cancellation);
        for (var taken = 0; taken < ids.Count; taken = stub.Ids.Count)
        {
            await using var running = trail.Run(TrailDatabase.Configure(stub.Type, [.. stub.Settings, .. Impatient]));
            await Eventually.TrueAsync(() => Task.FromResult(stub.Ids.Count >= Math.Min(taken + step, ids.Count)), Cancellation);
        }

        Assert.Equal(ids, stub.Ids);
    }

    private static (string, string)[] Impatient => [("first_backoff", "5ms"), ("longest_backoff", "20ms")];
}
