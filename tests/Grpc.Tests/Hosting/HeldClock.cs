using System.Collections.Concurrent;

namespace Grpc.Tests.Hosting;

/// <summary>A clock whose timers come due when the test says so.</summary>
internal sealed class HeldClock : TimeProvider
{
    private readonly ConcurrentQueue<HeldTimer> timers = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HeldTimer(callback, state);
        timer.Change(dueTime, period);
        timers.Enqueue(timer);
        return timer;
    }

    /// <summary>Fires each timer that is running.</summary>
    public void Pass()
    {
        foreach (var timer in timers)
        {
            timer.Pass();
        }
    }

    private sealed class HeldTimer(TimerCallback callback, object? state) : ITimer
    {
        private volatile bool isRunning;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            isRunning = dueTime != Timeout.InfiniteTimeSpan;
            return true;
        }

        public void Pass()
        {
            if (isRunning)
            {
                callback(state);
            }
        }

        public void Dispose() => isRunning = false;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
