namespace Mainstay.TemporalServer.Matching;

/// <summary>How fast a queue's tasks are given out: as its workers last asked, with a second's worth at once.</summary>
internal sealed class QueuePace(TimeProvider clock)
{
    private readonly Lock gate = new();
    private DateTimeOffset next = DateTimeOffset.MinValue;

    /// <summary>Tasks a second; null for as fast as they come.</summary>
    public double? Rate { get; private set; }

    /// <summary>Takes over what a worker asks; what none has asked stays.</summary>
    public void Set(double? rate)
    {
        lock (gate)
        {
            Rate = rate is { } asked && double.IsFinite(asked) && asked >= 0 ? asked : Rate;
        }
    }

    /// <summary>Returns when the next task may be given out; false when the caller does not wait that long.</summary>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        var wait = Reserve();
        if (wait == TimeSpan.Zero)
        {
            return true;
        }

        try
        {
            await Task.Delay(wait, clock, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private TimeSpan Reserve()
    {
        lock (gate)
        {
            if (Rate is not { } rate)
            {
                return TimeSpan.Zero;
            }

            var step = rate > 0 ? 1 / rate : double.MaxValue;
            if (step > TimeSpan.FromDays(1).TotalSeconds)
            {
                return Timeout.InfiniteTimeSpan;
            }

            var now = clock.GetUtcNow();
            var earliest = now - (TimeSpan.FromSeconds(step) * (Math.Max(1, Math.Ceiling(rate)) - 1));
            var turn = next > earliest ? next : earliest;
            next = turn + TimeSpan.FromSeconds(step);
            return turn > now ? turn - now : TimeSpan.Zero;
        }
    }
}
