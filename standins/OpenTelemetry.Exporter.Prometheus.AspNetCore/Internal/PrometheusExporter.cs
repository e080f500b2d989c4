using System.Text;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>Collects the metrics when they are read; those who read at the same time, or shortly after, share one collection.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter(PrometheusAspNetCoreOptions options, TimeProvider clock) : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private byte[]? text;
    private long collected;

    public Func<int, bool>? Collect { get; set; }

    /// <summary>The metrics as text; null when they cannot be collected.</summary>
    public async Task<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (text is null || clock.GetElapsedTime(collected).TotalMilliseconds >= options.ScrapeResponseCacheDurationMilliseconds)
            {
                text = Collect?.Invoke(Timeout.Infinite) == true ? text : null;
                collected = clock.GetTimestamp();
            }

            return text;
        }
        finally
        {
            gate.Release();
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var writer = new PrometheusText(options.DisableTotalNameSuffixForCounters);
        writer.WriteTarget(ParentProvider.GetResource());
        foreach (var metric in batch)
        {
            writer.Write(metric);
        }

        text = Encoding.UTF8.GetBytes(writer.ToString());
        return ExportResult.Success;
    }

    protected override void Dispose(bool disposing)
    {
        gate.Dispose();
        base.Dispose(disposing);
    }
}
