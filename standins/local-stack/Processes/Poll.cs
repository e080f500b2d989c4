using System.Diagnostics;

namespace Mainstay.LocalStack.Processes;

/// <summary>Waits for conditions of the outside world that nobody announces.</summary>
internal static class Poll
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until the condition holds; a timeout is an error.</summary>
    public static async Task UntilAsync(Func<bool> condition, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!await TryUntilAsync(condition, timeout, cancellationToken))
        {
            throw new TimeoutException($"Waited {timeout.TotalSeconds:0} s in vain.");
        }
    }

    /// <summary>Waits until the condition holds, and says whether it did in time.</summary>
    public static Task<bool> TryUntilAsync(Func<bool> condition, TimeSpan timeout, CancellationToken cancellationToken) =>
        TryUntilAsync(_ => Task.FromResult(condition()), timeout, cancellationToken);

    /// <summary>Waits until the condition holds, and says whether it did in time.</summary>
    public static async Task<bool> TryUntilAsync(Func<CancellationToken, Task<bool>> condition, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);
        while (!await condition(cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(started) > timeout)
            {
                return false;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        return true;
    }
}
