using System.Diagnostics;

namespace Mainstay.Benchmarks.Harness;

/// <summary>Keeps a number of operations under way and times each.</summary>
internal static class Load
{
    /// <summary>Repeats an operation for a time.</summary>
    public static Task<Reading> ForAsync(TimeSpan duration, int concurrency, Func<Task> operation)
    {
        var started = Stopwatch.GetTimestamp();
        return WhileAsync(() => Stopwatch.GetElapsedTime(started) < duration, concurrency, _ => operation());
    }

    /// <summary>Does an operation a number of times.</summary>
    public static Task<Reading> TimesAsync(int count, int concurrency, Func<int, Task> operation)
    {
        var left = count;
        return WhileAsync(() => Interlocked.Decrement(ref left) >= 0, Math.Min(count, concurrency), operation);
    }

    /// <summary>Repeats an operation, which is told its number, as long as a condition holds.</summary>
    public static async Task<Reading> WhileAsync(Func<bool> goesOn, int concurrency, Func<int, Task> operation)
    {
        var started = Stopwatch.GetTimestamp();
        var cpu = Environment.CpuUsage.TotalTime;
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
        return Reading.Of([.. lanes.SelectMany(lane => lane)], Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - cpu);
    }
}
