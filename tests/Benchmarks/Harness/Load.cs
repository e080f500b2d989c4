using System.Diagnostics;

namespace Mainstay.Benchmarks.Harness;

/// <summary>Keeps a number of operations under way and times each.</summary>
internal static class Load
{
    /// <summary>Repeats an operation for a time.</summary>
    public static Task<Reading> ForAsync(TimeSpan duration, int concurrency, Func<Task> operation)
    {
        var started = Stopwatch.GetTimestamp();
        return RunAsync(concurrency, () => Stopwatch.GetElapsedTime(started) < duration, _ => operation());
    }

    /// <summary>Does an operation a number of times.</summary>
    public static Task<Reading> TimesAsync(int count, int concurrency, Func<int, Task> operation)
    {
        var left = count;
        return RunAsync(Math.Min(count, concurrency), () => Interlocked.Decrement(ref left) >= 0, operation);
    }

    private static async Task<Reading> RunAsync(int concurrency, Func<bool> goesOn, Func<int, Task> operation)
    {
        var started = Stopwatch.GetTimestamp();
        var number = -1;
        var lanes = await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(async () =>
        {
            var latencies = new List<double>();
            while (goesOn())
            {
                var sent = Stopwatch.GetTimestamp();
                await operation(Interlocked.Increment(ref number));
                latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }

            return latencies;
        })));
        return Reading.Of([.. lanes.SelectMany(lane => lane)], Stopwatch.GetElapsedTime(started));
    }
}
