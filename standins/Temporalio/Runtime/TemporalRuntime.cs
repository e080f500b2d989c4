using Temporalio.Runtime.Metrics;

namespace Temporalio.Runtime;

/// <summary>What connections and workers share: where their metrics go.</summary>
public sealed class TemporalRuntime
{
    private static readonly Lazy<TemporalRuntime> LazyDefault = new(() => new(new()));

    public TemporalRuntime(TemporalRuntimeOptions options)
    {
        var metrics = ((TemporalRuntimeOptions)options.Clone()).Telemetry.Metrics;
        MetricMeter = metrics?.CustomMetricMeter is { } custom ? new CustomMeter(custom, custom.CreateTags(null, [])) : SilentMeter.Instance;
        SdkMetrics = SdkMetrics.For(metrics);
    }

    /// <summary>The runtime of everything that is given no other; it keeps no metrics.</summary>
    public static TemporalRuntime Default => LazyDefault.Value;

    /// <summary>Creates metrics of user code.</summary>
    public MetricMeter MetricMeter { get; private init; }

    internal SdkMetrics SdkMetrics { get; }
}
