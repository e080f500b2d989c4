using Mainstay.ToolGateway.Connectors;

namespace Mainstay.ToolGateway.Tests.Connectors;

public sealed class StartBackoffTests
{
    private readonly ManualClock clock = new();

    [Fact]
    public void Remaining_BeforeAnyFailure_IsZero() => Assert.Equal(TimeSpan.Zero, new StartBackoff(clock).Remaining);

    [Fact]
    public void Remaining_AfterFailures_DoublesUpToHalfAMinuteGiveOrTakeAFifth()
    {
        var backoff = new StartBackoff(clock);
        foreach (var seconds in new[] { 0.5, 1, 2, 4, 8, 16, 30, 30, 30 })
        {
            backoff.Fail();
            Assert.InRange(backoff.Remaining.TotalSeconds, seconds * 0.8, seconds * 1.2);
        }
    }

    [Fact]
    public void Remaining_OnceTheTimeIsOver_IsZero()
    {
        var backoff = new StartBackoff(clock);
        backoff.Fail();

        clock.Now += TimeSpan.FromSeconds(0.6);

        Assert.Equal(TimeSpan.Zero, backoff.Remaining);
    }

    [Fact]
    public void Reset_AfterFailures_BeginsAnew()
    {
        var backoff = new StartBackoff(clock);
        backoff.Fail();
        backoff.Fail();

        backoff.Reset();
        backoff.Fail();

        Assert.InRange(backoff.Remaining.TotalSeconds, 0.4, 0.6);
    }

    private sealed class ManualClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
