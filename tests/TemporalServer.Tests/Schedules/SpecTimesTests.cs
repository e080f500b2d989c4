using Google.Protobuf.WellKnownTypes;
using Mainstay.TemporalServer.Schedules;
using Temporalio.Api.Schedule.V1;

namespace TemporalServer.Tests.Schedules;

public sealed class SpecTimesTests
{
    private static readonly DateTimeOffset NewYear = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("30 4 * * *", "2026-01-01T04:30:00Z", "2026-01-02T04:30:00Z")]
    [InlineData("*/20 9-17 * * mon-fri", "2026-01-01T09:00:00Z", "2026-01-01T09:20:00Z")]
    [InlineData("0 0 31 * *", "2026-01-31T00:00:00Z", "2026-03-31T00:00:00Z")]
    [InlineData("0 12 29 2 *", "2028-02-29T12:00:00Z", "2032-02-29T12:00:00Z")]
    [InlineData("0 0 * * 7", "2026-01-04T00:00:00Z", "2026-01-11T00:00:00Z")]
    [InlineData("15 30 6 * * * 2027", "2027-01-01T06:30:15Z", "2027-01-02T06:30:15Z")]
    [InlineData("@monthly # rent", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")]
    [InlineData("@every 2h/5m", "2026-01-01T00:05:00Z", "2026-01-01T02:05:00Z")]
    [InlineData("CRON_TZ=Asia/Kolkata 0 9 * * *", "2026-01-01T03:30:00Z", "2026-01-02T03:30:00Z")]
    public void From_CronLine_NamesItsNextTimes(string cron, string first, string second) =>
        Assert.Equal([At(first), At(second)], Times(new ScheduleSpec { CronString = { cron } }).From(NewYear).Take(2).Select(t => t.Nominal));

    [Fact]
    public void From_HourThatAZoneSkips_HasNoTimeOnThatDay()
    {
        var times = Times(new ScheduleSpec { CronString = { "30 2 * * *" }, TimezoneName = "Europe/Berlin" });

        Assert.Equal([At("2026-03-28T01:30:00Z"), At("2026-03-30T00:30:00Z")], times.From(At("2026-03-28T00:00:00Z")).Take(2).Select(t => t.Nominal));
    }

    [Fact]
    public void From_HourThatAZoneHasTwice_HasTwoTimesOnThatDay()
    {
        var times = Times(new ScheduleSpec { CronString = { "30 2 * * *" }, TimezoneName = "Europe/Berlin" });

        Assert.Equal([At("2026-10-25T00:30:00Z"), At("2026-10-25T01:30:00Z")], times.From(At("2026-10-24T12:00:00Z")).Take(2).Select(t => t.Nominal));
    }

    [Fact]
    public void From_DayThatBeginsAfterMidnight_IsNotSkipped()
    {
        var times = Times(new ScheduleSpec { CronString = { "0 5 * * *" }, TimezoneName = "Africa/Cairo" });

        Assert.Equal(At("2026-04-24T02:00:00Z"), times.Next(At("2026-04-23T12:00:00Z"))!.Value.Nominal);
    }

    [Fact]
    public void From_ExcludedAndBounded_LeavesTheRest()
    {
        var spec = new ScheduleSpec
        {
            Interval = { new IntervalSpec { Interval = Duration.FromTimeSpan(TimeSpan.FromHours(6)) } },
            ExcludeStructuredCalendar = { SpecCompiler.Structured(new CalendarSpec { Hour = "12" }) },
            EndTime = Timestamp.FromDateTimeOffset(NewYear.AddDays(1)),
        };

        Assert.Equal([6, 18, 24], Times(spec).From(NewYear).Select(t => (t.Nominal - NewYear).TotalHours));
    }

    [Fact]
    public void Next_WithJitter_StaysBeforeTheTimeThatFollowsAndIsTheSameAgain()
    {
        var spec = new ScheduleSpec { Interval = { new IntervalSpec { Interval = new Duration { Seconds = 60 } } }, Jitter = new Duration { Seconds = 3600 } };
        var first = Times(spec).From(NewYear).Take(50).ToList();

        Assert.All(first, t => Assert.InRange(t.Actual - t.Nominal, TimeSpan.Zero, TimeSpan.FromSeconds(60)));
        Assert.Equal(first, Times(spec).From(NewYear).Take(50));
        Assert.True(first.Select(t => t.Actual - t.Nominal).Distinct().Count() > 10);
    }

    [Theory]
    [InlineData("whenever", "CronString does not have 5-7 fields")]
    [InlineData("61 * * * *", "Minute is not in range [0-59]")]
    [InlineData("* * * * * * * *", "CronString does not have 5-7 fields")]
    [InlineData("5-1 * * * *", "Minute has end before start")]
    [InlineData("CRON_TZ=Nowhere/Else 0 0 * * *", "unknown time zone Nowhere/Else")]
    public void Compile_BadCron_SaysWhy(string cron, string reason) =>
        Assert.Equal(reason, Assert.Throws<SpecException>(() => Times(new ScheduleSpec { CronString = { cron } })).Message);

    private static SpecTimes Times(ScheduleSpec spec) => new(SpecCompiler.Compile(spec), "seed");

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
}
