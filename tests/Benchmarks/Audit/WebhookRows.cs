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
        if (Rsyslog.IsInstalled)
        {
            var count = options.Number("forward", 5000);
            Contest Beside(string peer, bool flushed, double? limit) => new(
                $"bus to webhook, {peer}",
                () => ForwardAsync(receiver, count, events => audit.PublishAsync(events, cancellationToken), cancellationToken),
                () => ForwardByRsyslogAsync(receiver, count, flushed, cancellationToken),
                Metric.Rate("events/s", limit));

            // Only with its queue flushed does it promise what the trail does.
            Contest[] contests = [Beside("rsyslog that flushes", flushed: true, 1), Beside("rsyslog that does not flush", flushed: false, null)];
            rows.AddRange(await Measurement.RunAsync(contests, options, cancellationToken));
        }
        else
        {
            await Console.Error.WriteLineAsync($"Left out: rsyslog is not installed (apt-get install --no-install-recommends {Rsyslog.Packages}).");
        }

        var latency = await LatencyAsync(audit, receiver, cancellationToken);
        rows.Add(Row.OfFigure($"published until at the webhook, {LatencyRate}/s", "p50 ms", latency.P50, 200));
        rows.Add(Row.OfFigure($"published until at the webhook, {LatencyRate}/s", "p99 ms", latency.P99, 1000));
        return rows;
    }

    private static async Task<Reading> ForwardByRsyslogAsync(Receiver receiver, int count, bool flushed, CancellationToken cancellationToken)
    {
        await using var peer = await Rsyslog.StartAsync(receiver.Address, flushed, cancellationToken);
        return await ForwardAsync(
            receiver, count, events => peer.SendAsync(events.Select(one => JsonSerializer.SerializeToUtf8Bytes(one)), cancellationToken), cancellationToken);
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
