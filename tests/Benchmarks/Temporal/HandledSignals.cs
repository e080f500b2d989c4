using System.Collections.Concurrent;

namespace Mainstay.Benchmarks.Temporal;

/// <summary>Tells the client, which shares the worker's process, that a signal's handler has run; the TypeScript side does it by a sink.</summary>
internal static class HandledSignals
{
    private static readonly ConcurrentDictionary<int, TaskCompletionSource> Waiting = new();

    /// <summary>Completes when the handler has run for a number.</summary>
    public static Task Next(int number) =>
        Waiting.GetOrAdd(number, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public static void Tell(int number)
    {
        if (Waiting.TryRemove(number, out var waiting))
        {
            waiting.SetResult();
        }
    }
}
