using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>Writes metrics in Prometheus's text format, version 0.0.4.</summary>
internal sealed class PrometheusText(bool withoutTotal)
{
    private readonly StringBuilder text = new();
    private readonly HashSet<string> described = new(StringComparer.Ordinal);

    /// <summary>Says what the metrics are about.</summary>
    public void WriteTarget(Resource resource)
    {
        Describe("target_info", "gauge", "Target metadata");
        WriteSeries("target_info", Labels(resource.Attributes), "1");
    }

    public void Write(Metric metric)
    {
        // Prometheus's text has no form for exponential histograms.
        if (metric.MetricType == MetricType.ExponentialHistogram)
        {
            return;
        }

        var name = PrometheusName.Of(metric.Name, metric.Unit, metric.MetricType, withoutTotal);
        Describe(name, PrometheusName.IsCounter(metric.MetricType) ? "counter" : PrometheusName.IsGauge(metric.MetricType) ? "gauge" : "histogram", metric.Description);
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var labels = LabelsOf(metric, point);
            if (metric.MetricType == MetricType.Histogram)
            {
                WriteHistogram(name, labels, point);
            }
            else
            {
                WriteSeries(name, labels, Value(metric.MetricType, point));
            }
        }
    }

    public override string ToString() => text.ToString();

    private static string Value(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => Number(point.GetSumLong()),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => Number(point.GetSumDouble()),
        MetricType.LongGauge => Number(point.GetGaugeLastValueLong()),
        _ => Number(point.GetGaugeLastValueDouble()),
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string LabelsOf(Metric metric, in MetricPoint point)
    {
        var labels = new List<KeyValuePair<string, object>> { new("otel_scope_name", metric.MeterName) };
        if (metric.MeterVersion.Length > 0)
        {
            labels.Add(new("otel_scope_version", metric.MeterVersion));
        }

        foreach (var tag in point.Tags)
        {
            labels.Add(new(tag.Key, tag.Value ?? ""));
        }

        return Labels(labels);
    }

    private static string Labels(IEnumerable<KeyValuePair<string, object>> labels) =>
        string.Join(',', labels.Select(label => $"{PrometheusName.Sanitize(label.Key)}=\"{Escape(Text(label.Value)).Replace("\"", "\\\"", StringComparison.Ordinal)}\""));

    private static string Text(object value) => value is bool flag ? flag ? "true" : "false" : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static string Escape(string value) => value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);

    private void WriteHistogram(string name, string labels, in MetricPoint point)
    {
        var total = 0L;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            total += bucket.BucketCount;
            WriteSeries($"{name}_bucket", $"{labels},le=\"{Number(bucket.ExplicitBound)}\"", Number(total));
        }

        WriteSeries($"{name}_sum", labels, Number(point.GetHistogramSum()));
        WriteSeries($"{name}_count", labels, Number(point.GetHistogramCount()));
    }

    // Two meters may have instruments of one name; the name is described once.
    private void Describe(string name, string type, string description)
    {
        if (!described.Add(name))
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {type}\n");
        if (description.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {Escape(description)}\n");
        }
    }

    private void WriteSeries(string name, string labels, string value) => text.Append(CultureInfo.InvariantCulture, $"{name}{{{labels}}} {value}\n");
}
