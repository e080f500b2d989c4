namespace Mainstay.Benchmarks.Harness;

/// <summary>What one measurement saw: operations per second, and how long one took in milliseconds.</summary>
internal sealed record Reading(double PerSecond, double P50, double P99)
{
    /// <summary>Sums up latencies in milliseconds that were seen within a time.</summary>
    public static Reading Of(List<double> latencies, TimeSpan elapsed)
    {
        latencies.Sort();
        return new(latencies.Count / elapsed.TotalSeconds, Percentile(latencies, 0.5), Percentile(latencies, 0.99));
    }

    // The nearest rank, as the peers' scripts take it.
    private static double Percentile(List<double> sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];
}
