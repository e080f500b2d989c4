using Mainstay.TemporalServer.Schedules;

namespace Mainstay.TemporalServer.Timers;

/// <summary>Skips time for tests: while nobody locks it and nothing is under way, the clock jumps to the next time that anything waits for.</summary>
internal sealed class TimeSkipper(WorkflowClock clock, OpenWork work, DueTimes runs, ScheduleHost schedules) : BackgroundService
{
    private readonly Lock gate = new();
    private readonly List<Sleeper> sleepers = [];

    // Locked from the start, as test servers are: a client unlocks while it waits.
    private int locks = 1;

    /// <summary>Keeps time at its own pace until the unlock that belongs to this lock.</summary>
    public void Lock()
    {
        lock (gate)
        {
            locks++;
        }
    }

    /// <summary>Takes one lock back; false when there is none.</summary>
    public bool TryUnlock()
    {
        using var step = work.Begin();
        lock (gate)
        {
            return locks > 0 && locks-- > 0;
        }
    }

    /// <summary>Returns when the clock has reached a time; one lock is taken back for as long when <paramref name="unlocked"/>; false when there is none to take back.</summary>
    public async Task<bool> SleepUntilAsync(DateTimeOffset time, bool unlocked, CancellationToken cancellationToken)
    {
        var sleeper = new Sleeper(time, unlocked, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        using (work.Begin())
        {
            lock (gate)
            {
                if (unlocked && locks == 0)
                {
                    return false;
                }

                locks -= unlocked ? 1 : 0;
                sleepers.Add(sleeper);
            }
        }

        await using var registration = cancellationToken.Register(() => Wake(sleeper));
        await sleeper.Woken.Task;
        return true;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var changed = work.Changed;
            var wait = Advance();
            await changed.WaitAsync(wait ?? Timeout.InfiniteTimeSpan, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Returns how long the next sleeper has to wait if nothing happens.
    private TimeSpan? Advance()
    {
        lock (gate)
        {
            while (true)
            {
                var begun = work.Begun;
                var now = clock.GetUtcNow();
                sleepers.Where(s => s.Time <= now).ToList().ForEach(Wake);
                var sleeping = sleepers.Count > 0 ? sleepers.Min(s => s.Time) : (DateTimeOffset?)null;
                DateTimeOffset?[] times = [sleeping, runs.Earliest, schedules.Due.Earliest];

                // What is due already is taken up as a step of its own, whose end leads here again.
                if (locks > 0 || times.Min() is not { } next || next <= now || !work.IsIdle(begun))
                {
                    return sleeping - now is { } left ? TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(left.TotalMilliseconds), 1, int.MaxValue - 1)) : null;
                }

                clock.AdvanceTo(next);
                runs.LookAgain();
                schedules.Due.LookAgain();
            }
        }
    }

    private void Wake(Sleeper sleeper)
    {
        lock (gate)
        {
            if (sleepers.Remove(sleeper))
            {
                locks += sleeper.Unlocked ? 1 : 0;
                sleeper.Woken.SetResult();
            }
        }
    }

    private sealed record Sleeper(DateTimeOffset Time, bool Unlocked, TaskCompletionSource Woken);
}
