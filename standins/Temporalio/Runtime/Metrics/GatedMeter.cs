namespace Temporalio.Runtime.Metrics;

/// <summary>Metrics that are kept only while a gate is open: those of a workflow are silent on replay.</summary>
internal sealed class GatedMeter(MetricMeter meter, Func<bool> open) : MetricMeter
{
    public override MetricCounter<T> CreateCounter<T>(string name, string? unit = null, string? description = null) => new Counter<T>(meter.CreateCounter<T>(name, unit, description), open);

    public override MetricHistogram<T> CreateHistogram<T>(string name, string? unit = null, string? description = null) =>
        new Histogram<T>(meter.CreateHistogram<T>(name, unit, description), open);

    public override MetricGauge<T> CreateGauge<T>(string name, string? unit = null, string? description = null) => new Gauge<T>(meter.CreateGauge<T>(name, unit, description), open);

    public override MetricMeter WithTags(IEnumerable<KeyValuePair<string, object>> tags) => new GatedMeter(meter.WithTags(tags), open);

    private sealed class Counter<T>(MetricCounter<T> target, Func<bool> open) : MetricCounter<T>(target.Name, target.Unit, target.Description)
        where T : struct
    {
        public override void Add(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null)
        {
            if (open())
            {
                target.Add(value, extraTags);
            }
        }

        public override MetricCounter<T> WithTags(IEnumerable<KeyValuePair<string, object>> tags) => new Counter<T>(target.WithTags(tags), open);
    }

    private sealed class Histogram<T>(MetricHistogram<T> target, Func<bool> open) : MetricHistogram<T>(target.Name, target.Unit, target.Description)
        where T : struct
    {
        public override void Record(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null)
        {
            if (open())
            {
                target.Record(value, extraTags);
            }
        }

        public override MetricHistogram<T> WithTags(IEnumerable<KeyValuePair<string, object>> tags) => new Histogram<T>(target.WithTags(tags), open);
    }

    private sealed class Gauge<T>(MetricGauge<T> target, Func<bool> open) : MetricGauge<T>(target.Name, target.Unit, target.Description)
        where T : struct
    {
        public override void Set(T value, IEnumerable<KeyValuePair<string, object>>? extraTags = null)
        {
            if (open())
            {
                target.Set(value, extraTags);
            }
        }

        public override MetricGauge<T> WithTags(IEnumerable<KeyValuePair<string, object>> tags) => new Gauge<T>(target.WithTags(tags), open);
    }
}
