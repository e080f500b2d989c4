using System.Security.Cryptography;
using Mainstay.Audit.Tests.Sinks.Stubs;

namespace Mainstay.Audit.Tests.Sinks.Delivering;

/// <summary>What a receiver answers with 413 is halved down to the event that is at fault.</summary>
public sealed class TooLargeTests
{
    private const int Small = 500;
    private const int Most = 6_000;
    private const int Large = 20_000;

    private static readonly IReadOnlyDictionary<string, Func<StubServer>> Receivers = new Dictionary<string, Func<StubServer>>
    {
        ["webhook"] = () => new WebhookReceiver(),
        ["datadog"] = () => new DatadogIntake(),
        ["cloudwatch"] = () => new CloudWatchLogs(),
        ["splunk"] = () => new SplunkCollector(),
        ["otlp"] = () => new OtlpCollector(),
    };

    public static TheoryData<string> Types => [.. Receivers.Keys];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Run_ReceiverTakesLessAtOnce_GetsEveryEventThatFits(string type)
    {
        await using var trail = await TrailDatabase.CreateAsync(Cancellation);
        await using var receiver = Receivers[type]();
        await receiver.StartAsync(Cancellation);
        receiver.MostBodyBytes = Most;
        var sizes = Enumerable.Range(0, 40).Select(i => i == 13 ? Large : Small);
        var ids = await trail.AppendAsync(
            sizes.Select(size => TrailDatabase.NewEvent() with { Attributes = new Dictionary<string, string> { ["text"] = Incompressible(size) } }), Cancellation);

        await using var running = trail.Run(TrailDatabase.Configure(receiver.Type, [.. receiver.Settings, ("first_backoff", "1ms"), ("longest_backoff", "1ms")]));
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids.Where(id => id != ids[13]), receiver.Ids);
        Assert.Equal([(ids[13], "it answered 413")], await trail.DeadLettersAsync(Cancellation));
        Assert.Equal(["body"], receiver.Refusals.Where(why => why != "no stream").Distinct());
    }

    private static string Incompressible(int size) => Convert.ToBase64String(RandomNumberGenerator.GetBytes(size * 3 / 4));
}
