namespace Temporalio.Runtime.Metrics;

/// <summary>The meter of a runtime without metrics: it drops what it gets.</summary>
internal sealed class SilentMeter : ICustomMetricMeter
{
    public static readonly MetricMeter Instance = new CustomMeter(new SilentMeter(), new());

    public ICustomMetricCounter<T> CreateCounter<T>(string name, string? unit, string? description)
        where T : struct => Silent<T>.Instance;

    public ICustomMetricHistogram<T> CreateHistogram<T>(string name, string? unit, string? description)
        where T : struct => Silent<T>.Instance;

    public ICustomMetricGauge<T> CreateGauge<T>(string name, string? unit, string? description)
        where T : struct => Silent<T>.Instance;

    public object CreateTags(object? appendFrom, IReadOnlyCollection<KeyValuePair<string, object>> tags) => this;

    private sealed class Silent<T> : ICustomMetricCounter<T>, ICustomMetricHistogram<T>, ICustomMetricGauge<T>
        where T : struct
    {
        public static readonly Silent<T> Instance = new();

        public void Add(T value, object tags)
        {
        }

        public void Record(T value, object tags)
        {
        }

        public void Set(T value, object tags)
        {
        }
    }
}
