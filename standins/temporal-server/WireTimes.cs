using Google.Protobuf.WellKnownTypes;

namespace Mainstay.TemporalServer;

/// <summary>Times and durations as they come over the wire, where anything can stand in their fields.</summary>
internal static class WireTimes
{
    // As long as Temporal lets anything take; sums with it stay within what a timestamp can say.
    private const long LongestSeconds = 100L * 365 * 86400;
    private const long FirstSecond = -62135596800;
    private const long LastSecond = 253402300799;

    /// <summary>True for a time that a calendar has, or for none.</summary>
    public static bool IsValid(Timestamp? time) =>
        time is null || (time.Seconds is >= FirstSecond and <= LastSecond - LongestSeconds && time.Nanos is >= 0 and < 1_000_000_000);

    /// <summary>True for a duration of nothing or more, or for none.</summary>
    public static bool IsValid(Duration? duration) => duration is null || (duration.Seconds >= 0 && duration.Nanos is >= 0 and < 1_000_000_000);

    /// <summary>Shortens a duration to a hundred years, and one of less than nothing to nothing.</summary>
    public static void Cap(Duration? duration)
    {
        if (duration is { Seconds: > LongestSeconds })
        {
            (duration.Seconds, duration.Nanos) = (LongestSeconds, 0);
        }
        else if (!IsValid(duration))
        {
            (duration!.Seconds, duration.Nanos) = (0, 0);
        }
    }
}
