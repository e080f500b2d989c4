using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Schedule.V1;

namespace Mainstay.TemporalServer.Schedules;

/// <summary>Traditional cron lines: five to seven fields, shorthands, <c>@every</c>, a time zone before and a comment behind.</summary>
internal static class CronText
{
    private static readonly Dictionary<string, string> Shorthands = new()
    {
        ["@yearly"] = "0 0 1 1 *",
        ["@annually"] = "0 0 1 1 *",
        ["@monthly"] = "0 0 1 * *",
        ["@weekly"] = "0 0 * * 0",
        ["@daily"] = "0 0 * * *",
        ["@midnight"] = "0 0 * * *",
        ["@hourly"] = "0 * * * *",
    };

    /// <summary>Adds what a line says to a specification.</summary>
    public static void AddTo(ScheduleSpec spec, string line)
    {
        var comment = line.IndexOf('#', StringComparison.Ordinal);
        var (body, about) = comment < 0 ? (line.Trim(), "") : (line[..comment].Trim(), line[(comment + 1)..].Trim());
        if (body.StartsWith("CRON_TZ=", StringComparison.Ordinal) || body.StartsWith("TZ=", StringComparison.Ordinal))
        {
            var zone = body.Split(' ', 2)[0];
            body = body[zone.Length..].Trim();
            zone = zone[(zone.IndexOf('=', StringComparison.Ordinal) + 1)..];
            if ((spec.TimezoneName.Length > 0 && spec.TimezoneName != zone) || !spec.TimezoneData.IsEmpty)
            {
                throw new SpecException("Conflicting timezone names");
            }

            spec.TimezoneName = zone;
        }

        if (body.StartsWith("@every", StringComparison.Ordinal))
        {
            spec.Interval.Add(Every(body["@every".Length..].Trim()));
            return;
        }

        var calendar = Fields(body);
        calendar.Comment = about;
        spec.StructuredCalendar.Add(SpecCompiler.Structured(calendar));
    }

    /// <summary>The interval of <c>@every interval[/phase]</c>.</summary>
    public static IntervalSpec Every(string text)
    {
        var parts = text.Split('/');
        var phase = TimeSpan.Zero;
        if (parts.Length > 2 || !Durations.TryParse(parts[0].Trim(), out var interval) || (parts.Length == 2 && !Durations.TryParse(parts[1].Trim(), out phase)))
        {
            throw new SpecException("CronString has invalid @every interval");
        }

        return new IntervalSpec { Interval = Duration.FromTimeSpan(interval), Phase = phase > TimeSpan.Zero ? Duration.FromTimeSpan(phase) : null };
    }

    /// <summary>The fields of a line, or of the line a shorthand stands for.</summary>
    public static CalendarSpec Fields(string line)
    {
        var parts = (Shorthands.GetValueOrDefault(line.ToLowerInvariant()) ?? line).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return parts.Length switch
        {
            5 => new() { Minute = parts[0], Hour = parts[1], DayOfMonth = parts[2], Month = parts[3], DayOfWeek = parts[4] },
            6 => new() { Minute = parts[0], Hour = parts[1], DayOfMonth = parts[2], Month = parts[3], DayOfWeek = parts[4], Year = parts[5] },
            7 => new() { Second = parts[0], Minute = parts[1], Hour = parts[2], DayOfMonth = parts[3], Month = parts[4], DayOfWeek = parts[5], Year = parts[6] },
            _ => throw new SpecException("CronString does not have 5-7 fields"),
        };
    }
}
