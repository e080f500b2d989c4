using System.Diagnostics.Metrics;
using Temporalio.Runtime;

namespace Mainstay.Orchestrator.Engine;

/// <summary>Keeps the engine SDK's metrics with the service's own.</summary>
internal sealed class EngineMetrics : ICustomMetricMeter
{
    private static readonly Meter Meter = new("Mainstay.Temporal");

    /// <summary>A runtime whose metrics go there, durations in seconds.</summary>
    public static TemporalRuntime CreateRuntime() => new(new(new()
    {
        Metrics = new() { CustomMetricMeter = new EngineMetrics(), CustomMetricMeterOptions = new() { HistogramDurationFormat = CustomMetricMeterOptions.DurationFormat.FloatSeconds } },
    }));

    public ICustomMetricCounter<T> CreateCounter<T>(string name, string? unit, string? description)
        where T : struct => new Counter<T>(Meter.CreateCounter<T>(name, unit, description));

    public ICustomMetricHistogram<T> CreateHistogram<T>(string name, string? unit, string? description)
        where T : struct => new Histogram<T>(Meter.CreateHistogram<T>(name, unit, description));

    public ICustomMetricGauge<T> CreateGauge<T>(string name, string? unit, string? description)
        where T : struct => new Gauge<T>(Meter.CreateGauge<T>(name, unit, description));

    public object CreateTags(object? appendFrom, IReadOnlyCollection<KeyValuePair<string, object>> tags) =>
        ((KeyValuePair<string, object?>[]?)appendFrom ?? []).Concat(tags.Select(tag => KeyValuePair.Create(tag.Key, (object?)tag.Value))).ToArray();

    private sealed class Counter<T>(System.Diagnostics.Metrics.Counter<T> counter) : ICustomMetricCounter<T>
        where T : struct
    {
        public void Add(T value, object tags) => counter.Add(value, (KeyValuePair<string, object?>[])tags);
    }

    private sealed class Histogram<T>(System.Diagnostics.Metrics.Histogram<T> histogram) : ICustomMetricHistogram<T>
        where T : struct
    {
        public void Record(T value, object tags) => histogram.Record(value, (KeyValuePair<string, object?>[])tags);
    }

    private sealed class Gauge<T>(System.Diagnostics.Metrics.Gauge<T> gauge) : ICustomMetricGauge<T>
        where T : struct
    {
        public void Set(T value, object tags) => gauge.Record(value, (KeyValuePair<string, object?>[])tags);
    }
}
