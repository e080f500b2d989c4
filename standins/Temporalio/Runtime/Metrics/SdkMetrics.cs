using System.Collections.Concurrent;

namespace Temporalio.Runtime.Metrics;

/// <summary>The SDK's own metrics, under the names that all of Temporal's SDKs use, with one set of tags.</summary>
internal sealed class SdkMetrics
{
    /// <summary>Drops what it gets.</summary>
    public static readonly SdkMetrics None = new(null, new());

    private readonly Instruments? instruments;
    private readonly object tags;
    private readonly ConcurrentDictionary<(string Key, string Value), SdkMetrics> tagged = new();

    private SdkMetrics(Instruments? instruments, object tags)
    {
        this.instruments = instruments;
        this.tags = tags;
    }

    public bool Enabled => instruments is not null;

    public static SdkMetrics For(MetricsOptions? options)
    {
        if (options?.CustomMetricMeter is not { } meter)
        {
            return None;
        }

        var tags = (options.GlobalTags ?? []).Select(tag => KeyValuePair.Create(tag.Key, (object)tag.Value));
        if (options.AttachServiceName)
        {
            tags = tags.Append(KeyValuePair.Create("service_name", (object)"temporal-core-sdk"));
        }

        return new(new(meter, options.MetricPrefix ?? "temporal_", options.CustomMetricMeterOptions?.HistogramDurationFormat ?? default), meter.CreateTags(null, [.. tags]));
    }

    /// <summary>The metrics with one more tag; the same ones for the same tag.</summary>
    public SdkMetrics With(string key, string value) => instruments is null
        ? this
        : tagged.GetOrAdd((key, value), static (tag, self) => new(self.instruments, self.instruments!.Meter.CreateTags(self.tags, [KeyValuePair.Create(tag.Key, (object)tag.Value)])), this);

    public void Count(string name, long by = 1) => instruments?.Counter(name).Add(by, tags);

    public void Set(string name, long value) => instruments?.Gauge(name).Set(value, tags);

    public void Record(string name, TimeSpan time) => instruments?.Record(name, time, tags);

    private sealed class Instruments(ICustomMetricMeter meter, string prefix, CustomMetricMeterOptions.DurationFormat format)
    {
        private readonly ConcurrentDictionary<string, object> known = new();

        public ICustomMetricMeter Meter => meter;

        public ICustomMetricCounter<long> Counter(string name) => (ICustomMetricCounter<long>)known.GetOrAdd(name, _ => meter.CreateCounter<long>(prefix + name, null, null));

        public ICustomMetricGauge<long> Gauge(string name) => (ICustomMetricGauge<long>)known.GetOrAdd(name, _ => meter.CreateGauge<long>(prefix + name, null, null));

        public void Record(string name, TimeSpan time, object tags)
        {
            switch (format)
            {
                case CustomMetricMeterOptions.DurationFormat.FloatSeconds:
                    Histogram<double>(name, "s").Record(time.TotalSeconds, tags);
                    break;
                case CustomMetricMeterOptions.DurationFormat.TimeSpan:
                    Histogram<TimeSpan>(name, "duration").Record(time, tags);
                    break;
                default:
                    Histogram<long>(name, "ms").Record((long)time.TotalMilliseconds, tags);
                    break;
            }
        }

        private ICustomMetricHistogram<T> Histogram<T>(string name, string unit)
            where T : struct => (ICustomMetricHistogram<T>)known.GetOrAdd(name, _ => meter.CreateHistogram<T>(prefix + name, unit, null));
    }
}
