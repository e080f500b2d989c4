using Mainstay.Audit.Sinks;

namespace Mainstay.Audit.Tests.Sinks;

public sealed class BackoffTests
{
    private static readonly Backoff Backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));

    [Theory]
    [InlineData(1, 0.8, 1.2)]
    [InlineData(3, 3.2, 4.8)]
    [InlineData(100, 8, 12)]
    public void After_FailuresInARow_DoublesWithJitterUpToTheLongest(int failures, double least, double most) =>
        Assert.InRange(Backoff.After(failures, null).TotalSeconds, least, most);

    [Theory]
    [InlineData(60, 60)]
    [InlineData(100_000, 3600)]
    public void After_OtherSideAskedForMore_WaitsThatLongUpToAnHour(int asked, double expected) =>
        Assert.Equal(expected, Backoff.After(1, TimeSpan.FromSeconds(asked)).TotalSeconds);
}
