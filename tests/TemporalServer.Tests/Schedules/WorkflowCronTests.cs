using Mainstay.TemporalServer.Schedules;

namespace TemporalServer.Tests.Schedules;

public sealed class WorkflowCronTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("*/5 * * * *", 300)]
    [InlineData("@every 90s", 90)]
    [InlineData("@hourly", 3600)]
    [InlineData("0 13 1 * mon", 3600)]
    public void Backoff_AtTheStart_ReachesTheNextTime(string cron, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), WorkflowCron.Backoff(cron, Noon, Noon));

    [Fact]
    public void Backoff_RunThatOutlastedTimes_SkipsThem() => Assert.Equal(TimeSpan.FromSeconds(120), WorkflowCron.Backoff("*/5 * * * *", Noon, Noon.AddMinutes(13)));

    [Theory]
    [InlineData("every full moon")]
    [InlineData("0 0 * * * *")]
    [InlineData("0 25 * * *")]
    public void IsValid_OtherText_IsNot(string cron) => Assert.False(WorkflowCron.IsValid(cron));
}
