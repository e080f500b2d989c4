using Mainstay.Audit.Sinks;

namespace Mainstay.Audit.Tests.Sinks;

public sealed class RetriesTests
{
    private static readonly Retries Doubling = Retries.Doubling(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));

    [Theory]
    [InlineData(1, 0.8, 1.2)]
    [InlineData(3, 3.2, 4.8)]
    [InlineData(5, 8, 12)]
    [InlineData(100, 8, 12)]
    public void After_FailuresInARow_DoublesWithJitterUpToTheLongest(int failures, double least, double most) =>
        Assert.InRange(Doubling.After(failures, null).TotalSeconds, least, most);

    [Theory]
    [InlineData(60, 60)]
    [InlineData(100_000, 3600)]
    public void After_OtherSideAskedForMore_WaitsThatLongUpToAnHour(int asked, double expected) =>
        Assert.Equal(expected, Doubling.After(1, TimeSpan.FromSeconds(asked)).TotalSeconds);

    [Fact]
    public void After_SameFailureManyTimes_Spreads() =>
        Assert.True(Enumerable.Range(0, 100).Select(_ => Doubling.After(3, null)).Distinct().Count() > 50);
}
