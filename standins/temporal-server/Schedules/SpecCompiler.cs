using Google.Protobuf.WellKnownTypes;
using Mainstay.TemporalServer.Executions;
using Temporalio.Api.Schedule.V1;

namespace Mainstay.TemporalServer.Schedules;

/// <summary>Checks a specification and compiles its calendars and cron strings to structured calendars and intervals.</summary>
internal static class SpecCompiler
{
    /// <summary>The compiled specification; throws <see cref="SpecException"/> for one that is not valid.</summary>
    public static ScheduleSpec Compile(ScheduleSpec? asked)
    {
        var spec = asked?.Clone() ?? new ScheduleSpec();
        foreach (var cron in spec.CronString)
        {
            CronText.AddTo(spec, cron);
        }

        spec.StructuredCalendar.AddRange(spec.Calendar.Select(Structured));
        spec.ExcludeStructuredCalendar.AddRange(spec.ExcludeCalendar.Select(Structured));
        spec.CronString.Clear();
        spec.Calendar.Clear();
        spec.ExcludeCalendar.Clear();
        foreach (var calendar in spec.StructuredCalendar.Concat(spec.ExcludeStructuredCalendar))
        {
            Check(calendar);
        }

        foreach (var interval in spec.Interval)
        {
            Check(interval);
        }

        if (!WireTimes.IsValid(spec.StartTime) || !WireTimes.IsValid(spec.EndTime) || !WireTimes.IsValid(spec.Jitter))
        {
            throw new SpecException("a time is not valid");
        }

        WireTimes.Cap(spec.Jitter);
        _ = ScheduleZone.Of(spec);
        return spec;
    }

    /// <summary>A calendar of expressions as one of ranges, with the defaults of absent fields.</summary>
    public static StructuredCalendarSpec Structured(CalendarSpec calendar)
    {
        static string Or(string given, string otherwise) => given.Length > 0 ? given : otherwise;
        var structured = new StructuredCalendarSpec
        {
            Second = { CalendarField.Second.Parse(Or(calendar.Second, "0")) },
            Minute = { CalendarField.Minute.Parse(Or(calendar.Minute, "0")) },
            Hour = { CalendarField.Hour.Parse(Or(calendar.Hour, "0")) },
            DayOfMonth = { CalendarField.DayOfMonth.Parse(Or(calendar.DayOfMonth, "*")) },
            Month = { CalendarField.Month.Parse(Or(calendar.Month, "*")) },
            DayOfWeek = { CalendarField.DayOfWeek.Parse(Or(calendar.DayOfWeek, "*")) },
            Comment = calendar.Comment,
        };
        if (Or(calendar.Year, "*") != "*")
        {
            structured.Year.AddRange(CalendarField.Year.Parse(calendar.Year));
        }

        return structured;
    }

    private static void Check(StructuredCalendarSpec calendar)
    {
        CalendarField.Second.Complete(calendar.Second);
        CalendarField.Minute.Complete(calendar.Minute);
        CalendarField.Hour.Complete(calendar.Hour);
        CalendarField.DayOfMonth.Complete(calendar.DayOfMonth);
        CalendarField.Month.Complete(calendar.Month);
        CalendarField.Year.Complete(calendar.Year);
        CalendarField.DayOfWeek.Complete(calendar.DayOfWeek);
    }

    private static void Check(IntervalSpec interval)
    {
        WireTimes.Cap(interval.Interval);
        if ((interval.Interval?.Seconds ?? 0) < 1)
        {
            throw new SpecException("interval is too small");
        }

        if (interval.Phase is { } phase && (phase.Seconds < 0 || phase.Seconds >= interval.Interval!.Seconds))
        {
            throw new SpecException(phase.Seconds < 0 ? "phase is negative" : "phase cannot be greater than Interval");
        }

        interval.Interval = new Duration { Seconds = interval.Interval!.Seconds };
        interval.Phase = interval.Phase.IsSet() ? new Duration { Seconds = interval.Phase!.Seconds } : null;
    }
}
