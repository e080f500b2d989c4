using Mainstay.Benchmarks.Harness;

namespace Mainstay.Benchmarks.Temporal;

/// <summary>What the server's rate loses as closed workflows pile up in its database.</summary>
internal static class Growth
{
    private const string Name = "closed workflows";

    /// <summary>The rate over many more closed workflows beside that before.</summary>
    public static async Task<IReadOnlyList<Row>> MeasureAsync(RawDriver driver, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        if (!Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        var many = options.Number("closed", 200_000);
        await driver.RunAsync(options.Duration, cancellationToken);
        var before = await RepeatAsync(driver, options, cancellationToken);
        await Console.Error.WriteLineAsync($"Closing {many} workflows");
        await driver.CompleteAsync(many, cancellationToken);
        var after = await RepeatAsync(driver, options, cancellationToken);
        return [Row.Of($"over {many:#,0} more {Name}", Metric.Rate("1/s", 0.85), after, before)];
    }

    private static async Task<List<Reading>> RepeatAsync(RawDriver driver, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        var readings = new List<Reading>();
        for (var repeat = 0; repeat < options.Repeats; repeat++)
        {
            readings.Add(await driver.RunAsync(options.Duration, cancellationToken));
        }

        return readings;
    }
}
