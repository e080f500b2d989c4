using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Mainstay.ServiceDefaults.Configuration;

/// <summary>The keys of mainstay.yaml and what their values must be; "*" stands for one name or index, "**" for whatever follows.</summary>
internal static class KnownKeys
{
    private static readonly (string[] Pattern, Kind Kind)[] Keys =
    [
        Key("postgres:host", Kind.Text),
        Key("postgres:port", Kind.Number),
        Key("postgres:username", Kind.Text),
        Key("postgres:password", Kind.Text),
        Key("postgres:database", Kind.Text),
        Key("rabbitmq:uri", Kind.Text),
        Key("auth:issuer", Kind.Text),
        Key("auth:audience", Kind.Text),
        Key("auth:jwks_file", Kind.Text),
        Key("auth:jwks_url", Kind.Text),
        Key("auth:service_token_file", Kind.Text),
        Key("auth:clock_skew", Kind.Duration),
        Key("telemetry:metric_interval", Kind.Duration),
        Key("telemetry:otlp_endpoint", Kind.Text),
        Key("telemetry:otlp_headers", Kind.Text),
        Key("telemetry:trace_ratio", Kind.Text),
        Key("grpc:reflection", Kind.Flag),
        Key("grpc:max_message_bytes", Kind.Number),
        Key("grpc:drain_notice", Kind.Duration),
        Key("grpc:keep_alive", Kind.Duration),
        Key("services:*:host", Kind.Text),
        Key("services:*:listen", Kind.Text),
        Key("services:*:grpc", Kind.Number),
        Key("services:*:http", Kind.Number),
        Key("temporal:**", Kind.Text),
        Key("audit:**", Kind.Text),
        Key("llm:**", Kind.Text),
        Key("tools:**", Kind.Text),
        Key("orchestrator:**", Kind.Text),
        Key("skills:**", Kind.Text),
    ];

    private enum Kind
    {
        Text,
        Number,
        Flag,
        Duration,
    }

    /// <summary>Refuses a key that is not known and a value that is not of its kind.</summary>
    public static void Check(string key, string value)
    {
        var segments = key.Split(ConfigurationPath.KeyDelimiter);
        foreach (var (pattern, kind) in Keys)
        {
            if (Matches(pattern, segments))
            {
                CheckValue(key, value, kind);
                return;
            }
        }

        throw new MainstayConfigurationException($"'{key}' is not a known key. Did you mean '{Nearest(segments)}'?");
    }

    private static void CheckValue(string key, string value, Kind kind)
    {
        var (valid, expected) = kind switch
        {
            Kind.Number => (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _), "a whole number"),
            Kind.Flag => (bool.TryParse(value, out _), "true or false"),
            Kind.Duration => (Durations.TryParse(value, out _), "a duration such as 500ms, 30s, 5m or 2h"),
            _ => (true, ""),
        };
        if (!valid)
        {
            throw new MainstayConfigurationException($"'{key}' must be {expected}, not '{value}'.");
        }
    }

    private static bool Matches(string[] pattern, string[] segments)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == "**")
            {
                return segments.Length > i;
            }

            if (i >= segments.Length || (pattern[i] != "*" && !pattern[i].Equals(segments[i], StringComparison.OrdinalIgnoreCase)))
            {
                return false;
            }
        }

        return pattern.Length == segments.Length;
    }

    private static string Nearest(string[] segments) => string.Join(
        ConfigurationPath.KeyDelimiter,
        Keys.Select(key => key.Pattern).MinBy(pattern => Distance(string.Join(':', pattern), string.Join(':', segments)))!);

    // Levenshtein's distance.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }

    private static (string[], Kind) Key(string pattern, Kind kind) => (pattern.Split(':'), kind);
}
