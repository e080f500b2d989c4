using System.Collections.Concurrent;
using Temporalio.Client;
using Temporalio.Runtime;

namespace Temporalio.Tests.Worker;

/// <summary>Keeps what is measured, for a test to look at.</summary>
internal sealed class RecordingMeter : ICustomMetricMeter
{
    private readonly ConcurrentQueue<(string Name, object Value, IReadOnlyDictionary<string, object> Tags)> recorded = new();

    public IEnumerable<(string Name, object Value, IReadOnlyDictionary<string, object> Tags)> Recorded => recorded;

    public TemporalClientConnectOptions Connect(string address) => new(address) { Runtime = new(new(new() { Metrics = new() { CustomMetricMeter = this } })) };

    public ICustomMetricCounter<T> CreateCounter<T>(string name, string? unit, string? description)
        where T : struct => new Metric<T>(this, name);

    public ICustomMetricHistogram<T> CreateHistogram<T>(string name, string? unit, string? description)
        where T : struct => new Metric<T>(this, name);

    public ICustomMetricGauge<T> CreateGauge<T>(string name, string? unit, string? description)
        where T : struct => new Metric<T>(this, name);

    public object CreateTags(object? appendFrom, IReadOnlyCollection<KeyValuePair<string, object>> tags)
    {
        var all = new Dictionary<string, object>((IReadOnlyDictionary<string, object>?)appendFrom ?? new Dictionary<string, object>());
        foreach (var (key, value) in tags)
        {
            all[key] = value;
        }

        return all;
    }

    private sealed class Metric<T>(RecordingMeter meter, string name) : ICustomMetricCounter<T>, ICustomMetricHistogram<T>, ICustomMetricGauge<T>
        where T : struct
    {
        public void Add(T value, object tags) => Keep(value, tags);

        public void Record(T value, object tags) => Keep(value, tags);

        public void Set(T value, object tags) => Keep(value, tags);

        private void Keep(T value, object tags) => meter.recorded.Enqueue((name, value, (IReadOnlyDictionary<string, object>)tags));
    }
}
