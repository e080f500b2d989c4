using Temporalio.Api.Schedule.V1;

namespace Mainstay.TemporalServer.Schedules;

/// <summary>The times a structured calendar matches, by the clock on the wall of a time zone.</summary>
internal static class CalendarTimes
{
    private const int LastYear = 2100;

    /// <summary>The first matching second after a time, or nothing; <paramref name="eitherDay"/> lets one of the two day fields suffice.</summary>
    public static DateTimeOffset? Next(StructuredCalendarSpec calendar, ScheduleZone zone, DateTimeOffset after, bool eitherDay = false)
    {
        var at = new DateTimeOffset((after.UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond) + TimeSpan.TicksPerSecond, TimeSpan.Zero);
        while (true)
        {
            var wall = zone.At(at);
            if (wall.Year > LastYear)
            {
                return null;
            }

            if (!OnDay(calendar, wall, eitherDay, out var monthMatches))
            {
                // Whole months are leapt over, but never more than one at a time, so that each zone's own offset is asked for.
                at = Midnight(monthMatches ? wall.Date.AddDays(1) : new DateTime(wall.Year, wall.Month, 1).AddMonths(1), zone, at);
            }
            else if (!CalendarField.Matches(calendar.Hour, wall.Hour))
            {
                at = at.AddSeconds(3600 - (wall.Minute * 60) - wall.Second);
            }
            else if (!CalendarField.Matches(calendar.Minute, wall.Minute))
            {
                at = at.AddSeconds(60 - wall.Second);
            }
            else if (!CalendarField.Matches(calendar.Second, wall.Second))
            {
                at = at.AddSeconds(1);
            }
            else
            {
                return at;
            }
        }
    }

    /// <summary>Tells whether a calendar matches a second.</summary>
    public static bool Matches(StructuredCalendarSpec calendar, ScheduleZone zone, DateTimeOffset time)
    {
        var wall = zone.At(time);
        return OnDay(calendar, wall, eitherDay: false, out _)
            && CalendarField.Matches(calendar.Hour, wall.Hour) && CalendarField.Matches(calendar.Minute, wall.Minute) && CalendarField.Matches(calendar.Second, wall.Second);
    }

    private static bool OnDay(StructuredCalendarSpec calendar, DateTimeOffset wall, bool eitherDay, out bool monthMatches)
    {
        monthMatches = (calendar.Year.Count == 0 || CalendarField.Matches(calendar.Year, wall.Year)) && CalendarField.Matches(calendar.Month, wall.Month);
        var ofMonth = CalendarField.Matches(calendar.DayOfMonth, wall.Day);
        var ofWeek = CalendarField.Matches(calendar.DayOfWeek, (int)wall.DayOfWeek);
        return monthMatches && (eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek);
    }

    // Where a day begins later than at midnight, the clocks having been put forward, it begins at the first hour it has.
    private static DateTimeOffset Midnight(DateTime day, ScheduleZone zone, DateTimeOffset before)
    {
        var start = zone.FirstAt(day);
        return start > before ? start : before.AddHours(1);
    }
}
