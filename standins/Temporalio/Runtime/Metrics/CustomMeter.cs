namespace Temporalio.Runtime.Metrics;

/// <summary>Metrics of user code, passed to the application's own meter.</summary>
internal sealed class CustomMeter(ICustomMetricMeter meter, object tags) : MetricMeter
{
    public override MetricCounter<T> CreateCounter<T>(string name, string? unit = null, string? description = null) =>
        new Counter<T>(meter, meter.CreateCounter<T>(name, unit, description), tags, (name, unit, description));

    public override MetricHistogram<T> CreateHistogram<T>(string name, string? unit = null, string? description = null) =>
        new Histogram<T>(meter, meter.CreateHistogram<T>(name, unit, description), tags, (name, unit, description));

    public override MetricGauge<T> CreateGauge<T>(string name, string? unit = null, string? description = null) =>
        new Gauge<T>(meter, meter.CreateGauge<T>(name, unit, description), tags, (name, unit, description));

    public override MetricMeter WithTags(IEnumerable<KeyValuePair<string, object>> more) => new CustomMeter(meter, meter.CreateTags(tags, [.. more]));

    private static object With(ICustomMetricMeter meter, object tags, IEnumerable<KeyValuePair<string, object>>? extra) => extra is null ? tags : meter.CreateTags(tags, [.. extra]);

    private sealed class Counter<T>(ICustomMetricMeter meter, ICustomMetricCounter<T> target, object tags, (string Name, string? Unit, string? Description) of)
        : MetricCounter<T>(of.Name, of.Unit, of.Description)
        where T : struct
    {
        public override void Add(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null) => target.Add(value, With(meter, tags, extraTags));

        public override MetricCounter<T> WithTags(IEnumerable<KeyValuePair<string, object>> more) => new Counter<T>(meter, target, With(meter, tags, more), (Name, Unit, Description));
    }

    private sealed class Histogram<T>(ICustomMetricMeter meter, ICustomMetricHistogram<T> target, object tags, (string Name, string? Unit, string? Description) of)
        : MetricHistogram<T>(of.Name, of.Unit, of.Description)
        where T : struct
    {
        public override void Record(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null) => target.Record(value, With(meter, tags, extraTags));

        public override MetricHistogram<T> WithTags(IEnumerable<KeyValuePair<string, object>> more) => new Histogram<T>(meter, target, With(meter, tags, more), (Name, Unit, Description));
    }

    private sealed class Gauge<T>(ICustomMetricMeter meter, ICustomMetricGauge<T> target, object tags, (string Name, string? Unit, string? Description) of)
        : MetricGauge<T>(of.Name, of.Unit, of.Description)
        where T : struct
    {
        public override void Set(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null) => target.Set(value, With(meter, tags, extraTags));

        public override MetricGauge<T> WithTags(IEnumerable<KeyValuePair<string, object>> more) => new Gauge<T>(meter, target, With(meter, tags, more), (Name, Unit, Description));
    }
}
