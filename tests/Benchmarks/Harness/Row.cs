namespace Mainstay.Benchmarks.Harness;

/// <summary>A line of the report: both sides' medians, their ratio, and what it has to be.</summary>
/// <param name="Work">What was done.</param>
/// <param name="Metric">Which figure of it.</param>
/// <param name="Ours">Our side's median.</param>
/// <param name="Peer">The peer's median.</param>
/// <param name="Spread">Our lowest and highest.</param>
internal sealed record Row(string Work, Metric Metric, double Ours, double Peer, (double Low, double High) Spread)
{
    public double Ratio => Ours / Peer;

    /// <summary>Whether the ratio is what it has to be; null when nothing is asked of it.</summary>
    public bool? Met => Metric.Limit is not { } limit ? null : Metric.AtLeast ? Ratio >= limit : Ratio <= limit;

    /// <summary>Takes the medians of both sides' readings.</summary>
    public static Row Of(string work, Metric metric, IEnumerable<Reading> ours, IEnumerable<Reading> peer)
    {
        double[] ourValues = [.. ours.Select(metric.Value).Order()];
        return new(work, metric, Median(ourValues), Median([.. peer.Select(metric.Value).Order()]), (ourValues[0], ourValues[^1]));
    }

    /// <summary>A single figure beside what it must not exceed.</summary>
    public static Row OfFigure(string work, string unit, double seen, double atMost) =>
        new(work, new(unit, _ => seen, 1, AtLeast: false), seen, atMost, (seen, seen));

    private static double Median(double[] sorted) =>
        sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
}
