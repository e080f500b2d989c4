namespace Mainstay.ToolGateway.Connectors;

/// <summary>How long to leave a server alone that has just failed to start: twice as long each time, up to 30 s, give or take a fifth.</summary>
internal sealed class StartBackoff(TimeProvider clock)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private TimeSpan length;
    private DateTimeOffset until;

    /// <summary>The time that is left; zero when it may be started.</summary>
    public TimeSpan Remaining => until - clock.GetUtcNow() is { Ticks: > 0 } rest ? rest : TimeSpan.Zero;

    public void Fail()
    {
        length = length == TimeSpan.Zero ? First : TimeSpan.FromTicks(Math.Min(length.Ticks * 2, Longest.Ticks));

        // Jitter, so that gateways that failed together do not come back together.
        until = clock.GetUtcNow() + (length * (0.8 + (Random.Shared.NextDouble() * 0.4)));
    }

    public void Reset() => length = TimeSpan.Zero;
}
