namespace Mainstay.TemporalServer.Timers;

/// <summary>The time that workflows live by: the machine's, and ahead of it once a test has skipped time; waits take the machine's time.</summary>
internal sealed class WorkflowClock(TimeProvider machine) : TimeProvider
{
    private long ahead;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => machine.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow() + new TimeSpan(Volatile.Read(ref ahead));

    /// <inheritdoc/>
    public override long GetTimestamp() => machine.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => machine.CreateTimer(callback, state, dueTime, period);

    /// <summary>Jumps to a time that has not come yet; one caller at a time.</summary>
    public void AdvanceTo(DateTimeOffset time)
    {
        var left = time - GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            Interlocked.Add(ref ahead, left.Ticks);
        }
    }
}
