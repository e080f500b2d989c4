namespace Mainstay.Audit.Sinks;

/// <summary>How long to wait after failures: doubling, with jitter, so that sinks do not come back all at once.</summary>
/// <param name="First">After the first failure.</param>
/// <param name="Longest">The limit.</param>
internal sealed record Backoff(TimeSpan First, TimeSpan Longest)
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    /// <summary>The pause after a number of failures in a row, and never shorter than the other side asked for (up to an hour).</summary>
    public TimeSpan After(int failures, TimeSpan? retryAfter)
    {
        var doubled = First * Math.Pow(2, Math.Min(failures - 1, 30));
        var pause = (doubled < Longest ? doubled : Longest) * (0.8 + (Random.Shared.NextDouble() * 0.4));
        var asked = retryAfter < LongestRetryAfter ? retryAfter.Value : retryAfter is null ? TimeSpan.Zero : LongestRetryAfter;
        return pause > asked ? pause : asked;
    }
}
