namespace Temporalio.Runtime;

/// <summary>Takes metrics of the SDK and of user code to where an application wants them.</summary>
public interface ICustomMetricMeter
{
    ICustomMetricCounter<T> CreateCounter<T>(string name, string? unit, string? description)
        where T : struct;

    ICustomMetricHistogram<T> CreateHistogram<T>(string name, string? unit, string? description)
        where T : struct;

    ICustomMetricGauge<T> CreateGauge<T>(string name, string? unit, string? description)
        where T : struct;

    /// <summary>Makes a set of tags, once for many values; those of another set come first.</summary>
    object CreateTags(object? appendFrom, IReadOnlyCollection<KeyValuePair<string, object>> tags);
}

/// <summary>A metric of an application's own kind.</summary>
public interface ICustomMetric<T>
    where T : struct;

/// <summary>A counter of an application's own kind.</summary>
public interface ICustomMetricCounter<T> : ICustomMetric<T>
    where T : struct
{
    void Add(T value, object tags);
}

/// <summary>A histogram of an application's own kind.</summary>
public interface ICustomMetricHistogram<T> : ICustomMetric<T>
    where T : struct
{
    void Record(T value, object tags);
}

/// <summary>A gauge of an application's own kind.</summary>
public interface ICustomMetricGauge<T> : ICustomMetric<T>
    where T : struct
{
    void Set(T value, object tags);
}
