namespace OpenTelemetry.Exporter;

/// <summary>How metrics are offered to Prometheus.</summary>
public class PrometheusAspNetCoreOptions
{
    /// <summary>The path at which they are read; default "/metrics".</summary>
    public string? ScrapeEndpointPath { get; set; } = "/metrics";

    /// <summary>Whether counters go without "_total" at the end of their name; default false.</summary>
    public bool DisableTotalNameSuffixForCounters { get; set; }

    /// <summary>For how many milliseconds one answer serves all who ask; default 300.</summary>
    public int ScrapeResponseCacheDurationMilliseconds { get; set; } = 300;
}
