using System.Diagnostics;
using System.Text.Json;
using Mainstay.Benchmarks.Harness;
using Mainstay.BusContracts;

namespace Mainstay.Benchmarks.Audit;

/// <summary>From the bus to an HTTP receiver, against a log forwarder with the same records, and how long one event takes.</summary>
internal static class WebhookRows
{
    private const int LatencyRate = 50;

    public static async Task<IReadOnlyList<Row>> MeasureAsync(PrivatePostgres postgres, Uri broker, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        await using var receiver = await Receiver.StartAsync(TimeSpan.Zero, cancellationToken);
        var sinks = $", sinks: [{{ name: hook, type: webhook, url: \"{receiver.Address}\", secret: whsec_{Convert.ToBase64String(new byte[32])} }}]";
        await using var audit = await AuditInstance.StartAsync(postgres, broker, "audit_webhook", sinks, cancellationToken);
        var rows = new List<Row>();
        if (SyslogNg.IsInstalled)
        {
            var count = options.Number("forward", 5000);
            var contest = new Contest(
                "bus to webhook, syslog-ng",
                () => ForwardAsync(receiver, count, events => audit.PublishAsync(events, cancellationToken), cancellationToken),
                async () =>
                {
                    await using var peer = await SyslogNg.StartAsync(receiver.Address, cancellationToken);
                    return await ForwardAsync(
                        receiver, count, events => peer.SendAsync(events.Select(one => JsonSerializer.SerializeToUtf8Bytes(one)), cancellationToken), cancellationToken);
                },
                Metric.Rate("events/s", 1));
            rows.AddRange(await Measurement.RunAsync([contest], options, cancellationToken));
        }
        else
        {
            await Console.Error.WriteLineAsync("Left out: syslog-ng is not installed (packages syslog-ng-core and syslog-ng-mod-http).");
        }

        var latency = await LatencyAsync(audit, receiver, cancellationToken);
        rows.Add(Row.OfFigure($"published until at the webhook, {LatencyRate}/s", "p50 ms", latency.P50, 200));
        rows.Add(Row.OfFigure($"published until at the webhook, {LatencyRate}/s", "p99 ms", latency.P99, 1000));
        return rows;
    }

    private static async Task<Reading> ForwardAsync(Receiver receiver, int count, Func<IReadOnlyList<AuditEvent>, Task> send, CancellationToken cancellationToken)
    {
        var events = AuditLoad.NewEvents(count);
        var before = receiver.Count;
        var started = Stopwatch.GetTimestamp();
        await send(events);
        await receiver.ReceivedAsync(before + count, cancellationToken);
        return new(count / Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 0, 0);
    }

    private static async Task<Reading> LatencyAsync(AuditInstance audit, Receiver receiver, CancellationToken cancellationToken)
    {
        var before = receiver.Count;
        var events = AuditLoad.NewEvents(LatencyRate * 6);
        var sent = await Pace.PublishAsync(audit, events, LatencyRate, cancellationToken);
        await receiver.ReceivedAsync(before + events.Count, cancellationToken);
        return Reading.Of(
            [.. sent.Select(one => Stopwatch.GetElapsedTime(one.Value, receiver.Arrivals[one.Key]).TotalMilliseconds)], TimeSpan.FromSeconds(6), TimeSpan.Zero);
    }
}
