namespace Mainstay.Benchmarks.Harness;

/// <summary>Measures both sides of contests by turns, so that what else the machine does meets both alike.</summary>
internal static class Measurement
{
    /// <summary>Warms both sides up, measures each as often as asked, and puts the medians side by side.</summary>
    public static async Task<IReadOnlyList<Row>> RunAsync(IEnumerable<Contest> contests, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        var rows = new List<Row>();
        foreach (var contest in contests.Where(contest => contest.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)))
        {
            await contest.Ours();
            await contest.Peer();
            var ours = new List<Reading>();
            var peer = new List<Reading>();
            for (var repeat = 0; repeat < options.Repeats; repeat++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                (List<Reading> Readings, Func<Task<Reading>> Measure)[] sides = [(ours, contest.Ours), (peer, contest.Peer)];
                foreach (var (readings, measure) in repeat % 2 == 0 ? sides : sides.Reverse())
                {
                    readings.Add(await measure());
                }

                await Console.Error.WriteLineAsync($"{contest.Name}: {repeat + 1} of {options.Repeats}");
            }

            rows.AddRange(contest.Metrics.Select(metric => Row.Of(contest.Name, metric, ours, peer)));
        }

        return rows;
    }
}
