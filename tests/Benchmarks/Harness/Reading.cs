namespace Mainstay.Benchmarks.Harness;

/// <summary>What one measurement saw: operations per second, how long one took, and what processor time it took of the measuring process, in milliseconds.</summary>
internal sealed record Reading(double PerSecond, double P50, double P99, double Cpu)
{
    /// <summary>Sums up latencies in milliseconds that were seen within a time.</summary>
    public static Reading Of(List<double> latencies, TimeSpan elapsed, TimeSpan cpu)
    {
        latencies.Sort();
        return new(latencies.Count / elapsed.TotalSeconds, Percentile(latencies, 0.5), Percentile(latencies, 0.99), cpu.TotalMilliseconds / latencies.Count);
    }

    // The nearest rank, as the peers' scripts take it.
    private static double Percentile(List<double> sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];
}
