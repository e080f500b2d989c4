namespace Mainstay.Skills.Index;

/// <summary>Whether this process hears of what others change: only then may it answer from memory.</summary>
internal sealed class Hearing(TimeProvider clock)
{
    // A connection can be dead for long before a wait on it fails.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

    private long heardTime;
    private volatile bool isListening;

    /// <summary>Whether every change that is older than five seconds has been heard of.</summary>
    public bool IsCurrent => isListening && clock.GetElapsedTime(Interlocked.Read(ref heardTime)) < LongestSilence;

    /// <summary>Notes that the database has just been heard.</summary>
    public void Heard()
    {
        Interlocked.Exchange(ref heardTime, clock.GetTimestamp());
        isListening = true;
    }

    /// <summary>Notes that nobody listens.</summary>
    public void Lost() => isListening = false;
}
