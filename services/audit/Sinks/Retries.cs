namespace Mainstay.Audit.Sinks;

/// <summary>How long to wait after failures in a row, with jitter so that sinks do not come back all at once; the last pause repeats.</summary>
internal sealed record Retries(IReadOnlyList<TimeSpan> Pauses)
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    /// <summary>Pauses that double up to the longest.</summary>
    public static Retries Doubling(TimeSpan first, TimeSpan longest)
    {
        var pauses = new List<TimeSpan> { first };
        while (pauses[^1] < longest && pauses[^1] > TimeSpan.Zero)
        {
            pauses.Add(pauses[^1] * 2 < longest ? pauses[^1] * 2 : longest);
        }

        return new Retries(pauses);
    }

    /// <summary>The pause after a number of failures in a row, and never shorter than the other side asked for (up to an hour).</summary>
    public TimeSpan After(int failures, TimeSpan? retryAfter)
    {
        var pause = Pauses[Math.Min(failures, Pauses.Count) - 1] * (0.8 + (Random.Shared.NextDouble() * 0.4));
        var asked = retryAfter is not { } after ? TimeSpan.Zero : after < LongestRetryAfter ? after : LongestRetryAfter;
        return pause > asked ? pause : asked;
    }
}
