namespace Mainstay.TemporalServer.Schedules;

/// <summary>Cron schedules of workflows: five fields, either of the two day fields enough, shorthands and <c>@every</c>.</summary>
internal static class WorkflowCron
{
    /// <summary>Tells whether a line is one.</summary>
    public static bool IsValid(string line)
    {
        try
        {
            Next(line, DateTimeOffset.UnixEpoch);
            return true;
        }
        catch (SpecException)
        {
            return false;
        }
    }

    /// <summary>How long the run after one waits for its first task, in whole seconds; nothing when no time is left.</summary>
    public static TimeSpan? Backoff(string line, DateTimeOffset started, DateTimeOffset closed)
    {
        var next = Next(line, started);
        while (next is { } passed && passed < closed)
        {
            next = Next(line, passed);
        }

        return next is { } at ? TimeSpan.FromSeconds(Math.Ceiling((at - closed).TotalSeconds)) : null;
    }

    private static DateTimeOffset? Next(string line, DateTimeOffset after)
    {
        var zone = ScheduleZone.Utc;
        var body = line.Trim();
        if (body.StartsWith("CRON_TZ=", StringComparison.Ordinal) || body.StartsWith("TZ=", StringComparison.Ordinal))
        {
            var name = body.Split(' ', 2)[0];
            body = body[name.Length..].Trim();
            zone = ScheduleZone.Named(name[(name.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        }

        if (body.StartsWith("@every ", StringComparison.Ordinal))
        {
            var every = Math.Max(1, CronText.Every(body["@every ".Length..].Trim()).Interval.Seconds);
            return DateTimeOffset.FromUnixTimeSeconds(after.ToUnixTimeSeconds() + every);
        }

        var fields = CronText.Fields(body);
        if (fields.Second.Length > 0 || fields.Year.Length > 0)
        {
            throw new SpecException("CronSchedule does not have 5 fields");
        }

        var eitherDay = fields.DayOfMonth[0] is not ('*' or '?') && fields.DayOfWeek[0] is not ('*' or '?');
        return CalendarTimes.Next(SpecCompiler.Structured(fields), zone, after, eitherDay);
    }
}
