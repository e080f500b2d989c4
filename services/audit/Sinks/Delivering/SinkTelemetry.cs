using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Mainstay.Audit.Sinks.Delivering;

/// <summary>What the sinks tell about themselves.</summary>
internal sealed class SinkTelemetry
{
    private readonly Counter<long> delivered;
    private readonly Counter<long> refused;
    private readonly Histogram<double> duration;
    private readonly ConcurrentDictionary<string, SinkLag> lags = new(StringComparer.Ordinal);

    public SinkTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create("Mainstay.Audit.Sinks");
        delivered = meter.CreateCounter<long>("mainstay.audit.sink.delivered", "{event}", "Events that a sink has taken.");
        refused = meter.CreateCounter<long>("mainstay.audit.sink.refused", "{event}", "Events that went to a sink's dead letters.");
        duration = meter.CreateHistogram(
            "mainstay.audit.sink.delivery.duration",
            "s",
            "How long deliveries took, by their outcome.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] });
        meter.CreateObservableGauge("mainstay.audit.sink.lag", () => Measure(lag => lag.Events), "{event}", "Entries of the trail that a sink has not got to yet.");
        meter.CreateObservableGauge("mainstay.audit.sink.lag.duration", () => Measure(lag => (long)lag.Age.TotalSeconds), "s", "How long the first of them has been waiting.");
    }

    public void Attempted(string sink, DeliveryOutcome outcome, TimeSpan elapsed) =>
        duration.Record(elapsed.TotalSeconds, Tag(sink), KeyValuePair.Create<string, object?>("outcome", outcome.ToString().ToLowerInvariant()));

    public void Settled(string sink, Settlement settlement)
    {
        delivered.Add(settlement.Delivered, Tag(sink));
        refused.Add(settlement.Refused.Count, Tag(sink));
    }

    public void Measured(SinkLag lag) => lags[lag.SinkName] = lag;

    private IEnumerable<Measurement<long>> Measure(Func<SinkLag, long> value) => lags.Values.Select(lag => new Measurement<long>(value(lag), Tag(lag.SinkName)));

    private static KeyValuePair<string, object?> Tag(string sink) => KeyValuePair.Create<string, object?>("sink", sink);
}

/// <summary>How far a sink is behind.</summary>
internal sealed record SinkLag(string SinkName, long Events, TimeSpan Age);
