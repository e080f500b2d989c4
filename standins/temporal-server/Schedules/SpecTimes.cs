using System.Security.Cryptography;
using System.Text;
using Mainstay.TemporalServer.Executions;
using Temporalio.Api.Schedule.V1;

namespace Mainstay.TemporalServer.Schedules;

/// <summary>The times of a compiled specification.</summary>
internal sealed class SpecTimes(ScheduleSpec spec, string seed)
{
    private readonly ScheduleZone zone = ScheduleZone.Of(spec);

    /// <summary>A time of the specification and when it is acted upon, jitter included.</summary>
    public readonly record struct Time(DateTimeOffset Nominal, DateTimeOffset Actual);

    /// <summary>The first time whose nominal time is after the given one, or nothing when there is none any more.</summary>
    public Time? Next(DateTimeOffset after)
    {
        if (Nominal(after) is not { } nominal)
        {
            return null;
        }

        if (!spec.Jitter.IsSet())
        {
            return new Time(nominal, nominal);
        }

        // Jitter never reaches the next time, and is the same whenever it is asked for.
        var most = Nominal(nominal) is { } following ? Math.Min(spec.Jitter.ToTimeSpan().Ticks, (following - nominal).Ticks) : spec.Jitter.ToTimeSpan().Ticks;
        var share = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}-{nominal.UtcTicks}"))) / (double)ulong.MaxValue;
        return new Time(nominal, nominal.AddMilliseconds(Math.Floor(share * most / TimeSpan.TicksPerMillisecond)));
    }

    /// <summary>The times that follow, as many as there are.</summary>
    public IEnumerable<Time> From(DateTimeOffset after)
    {
        while (Next(after) is { } next)
        {
            yield return next;
            after = next.Nominal;
        }
    }

    private DateTimeOffset? Nominal(DateTimeOffset after)
    {
        if (spec.StartTime is { } start && after < start.ToDateTimeOffset())
        {
            after = start.ToDateTimeOffset().AddTicks(-1);
        }

        // A specification that excludes whatever it names would be searched for ever.
        for (var excluded = 0; excluded < 10_000; excluded++)
        {
            DateTimeOffset? next = null;
            foreach (var time in spec.StructuredCalendar.Select(c => CalendarTimes.Next(c, zone, after)).Concat(spec.Interval.Select(i => Next(i, after))))
            {
                next = time is not null && (next is null || time < next) ? time : next;
            }

            if (next is not { } found || (spec.EndTime is { } end && found > end.ToDateTimeOffset()))
            {
                return null;
            }

            if (!spec.ExcludeStructuredCalendar.Any(c => CalendarTimes.Matches(c, zone, found)))
            {
                return found;
            }

            after = found;
        }

        return null;
    }

    private static DateTimeOffset? Next(IntervalSpec interval, DateTimeOffset after)
    {
        var (every, phase) = (interval.Interval.Seconds, interval.Phase?.Seconds ?? 0);
        var since = after.ToUnixTimeSeconds() - phase;
        var next = ((Math.DivRem(since, every, out var rest) + (rest < 0 ? 0 : 1)) * every) + phase;
        return next > DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? null : DateTimeOffset.FromUnixTimeSeconds(next);
    }
}
