namespace Mainstay.Benchmarks.Harness;

/// <summary>A figure of a reading, and the ratio of ours to the peer's that it has to keep.</summary>
/// <param name="Name">What is told, for example "calls/s".</param>
/// <param name="Value">Takes it from a reading.</param>
/// <param name="Limit">The ratio to keep; null when the figure is only told.</param>
/// <param name="AtLeast">Whether more is better.</param>
internal sealed record Metric(string Name, Func<Reading, double> Value, double? Limit, bool AtLeast)
{
    public static Metric Rate(string name, double? atLeast) => new(name, reading => reading.PerSecond, atLeast, AtLeast: true);

    public static Metric P50(double? atMost) => new("p50 ms", reading => reading.P50, atMost, AtLeast: false);

    /// <summary>The processor time of the client, or of client and worker, which other work on the machine hardly changes.</summary>
    public static Metric Cpu() => new("cpu ms", reading => reading.Cpu, null, AtLeast: false);

    public static Metric P99(double? atMost = null) => new("p99 ms", reading => reading.P99, atMost, AtLeast: false);
}
