using System.Text;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>
/// Turns OpenTelemetry's names into Prometheus's:
/// https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#metric-metadata-1.
/// </summary>
internal static class PrometheusName
{
    /// <summary>The name of a metric, with its unit and what its type asks for at the end.</summary>
    public static string Of(string name, string unit, MetricType type, bool withoutTotal)
    {
        var result = Sanitize(name);
        if (UnitOf(unit) is { Length: > 0 } suffix && !result.EndsWith(suffix, StringComparison.Ordinal))
        {
            result = $"{result}_{suffix}";
        }

        if (IsCounter(type) && !withoutTotal && !result.EndsWith("_total", StringComparison.Ordinal))
        {
            result += "_total";
        }

        return IsGauge(type) && unit == "1" && !result.Contains("ratio", StringComparison.Ordinal) ? $"{result}_ratio" : result;
    }

    /// <summary>A name of letters, digits and single underscores that does not begin with a digit.</summary>
    public static string Sanitize(string name)
    {
        var result = new StringBuilder();
        if (name.Length > 0 && char.IsAsciiDigit(name[0]))
        {
            result.Append('_');
        }

        foreach (var character in name)
        {
            if (char.IsAsciiLetterOrDigit(character) || character == ':')
            {
                result.Append(character);
            }
            else if (result.Length == 0 || result[^1] != '_')
            {
                result.Append('_');
            }
        }

        return result.ToString();
    }

    public static bool IsCounter(MetricType type) => type is MetricType.LongSum or MetricType.DoubleSum;

    public static bool IsGauge(MetricType type) =>
        type is MetricType.LongGauge or MetricType.DoubleGauge or MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic;

    private static string UnitOf(string unit)
    {
        var opening = unit.IndexOf('{', StringComparison.Ordinal);
        var closing = unit.IndexOf('}', StringComparison.Ordinal);
        var plain = opening >= 0 && closing > opening ? unit.Remove(opening, closing - opening + 1) : unit;
        return plain.Split('/') is [var what, { Length: > 0 } per] ? $"{Word(what)}_per_{PerWord(per)}".TrimStart('_') : Sanitize(Word(plain));
    }

    private static string Word(string unit) => unit switch
    {
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "KBy" => "kilobytes",
        "MBy" => "megabytes",
        "GBy" => "gigabytes",
        "Hz" => "hertz",
        "%" => "percent",
        "$" => "dollars",
        "1" => "",
        _ => unit,
    };

    private static string PerWord(string unit) => unit switch
    {
        "s" => "second",
        "m" => "minute",
        "h" => "hour",
        "d" => "day",
        _ => Sanitize(unit),
    };
}
