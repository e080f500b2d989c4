namespace Temporalio.Runtime;

/// <summary>Options of a runtime.</summary>
public class TemporalRuntimeOptions : ICloneable
{
    public TemporalRuntimeOptions()
    {
    }

    public TemporalRuntimeOptions(TelemetryOptions telemetry) => Telemetry = telemetry;

    public TelemetryOptions Telemetry { get; set; } = new();

    public virtual object Clone()
    {
        var copy = (TemporalRuntimeOptions)MemberwiseClone();
        copy.Telemetry = (TelemetryOptions)Telemetry.Clone();
        return copy;
    }
}

/// <summary>What a runtime tells of itself.</summary>
public class TelemetryOptions : ICloneable
{
    /// <summary>Where metrics go; nowhere by default.</summary>
    public MetricsOptions? Metrics { get; set; }

    public virtual object Clone()
    {
        var copy = (TelemetryOptions)MemberwiseClone();
        copy.Metrics = (MetricsOptions?)Metrics?.Clone();
        return copy;
    }
}

/// <summary>Where metrics go, and what they carry.</summary>
public class MetricsOptions : ICloneable
{
    public ICustomMetricMeter? CustomMetricMeter { get; set; }

    public CustomMetricMeterOptions? CustomMetricMeterOptions { get; set; }

    /// <summary>Whether the SDK's metrics carry <c>service_name</c>; true by default.</summary>
    public bool AttachServiceName { get; set; } = true;

    /// <summary>Tags of every metric of the SDK.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>>? GlobalTags { get; set; }

    /// <summary>How the names of the SDK's metrics begin; <c>temporal_</c> by default.</summary>
    public string? MetricPrefix { get; set; }

    public virtual object Clone() => MemberwiseClone();
}

/// <summary>Options of a custom meter.</summary>
public class CustomMetricMeterOptions : ICloneable
{
    /// <summary>The type and unit in which durations are recorded.</summary>
    public enum DurationFormat
    {
        IntegerMilliseconds,
        FloatSeconds,
        TimeSpan,
    }

    /// <summary>How the SDK's own durations are recorded; whole milliseconds by default.</summary>
    public DurationFormat HistogramDurationFormat { get; set; } = DurationFormat.IntegerMilliseconds;

    public virtual object Clone() => MemberwiseClone();
}
