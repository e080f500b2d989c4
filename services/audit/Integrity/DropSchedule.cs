namespace Mainstay.Audit.Integrity;

/// <summary>When retention is to be tried: each hour, and after a failure soon, then less and less often.</summary>
internal sealed class DropSchedule(TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMinutes(1);

    private long? tried;
    private TimeSpan pause;
    private TimeSpan retry = FirstRetry;

    /// <summary>Whether it is time.</summary>
    public bool IsDue => tried is not { } last || clock.GetElapsedTime(last) >= pause;

    /// <summary>Takes into account how a try ended.</summary>
    public void Add(bool isDone)
    {
        tried = clock.GetTimestamp();
        pause = isDone ? Interval : retry;
        retry = isDone ? FirstRetry : retry * 2 < Interval ? retry * 2 : Interval;
    }
}
