using Google.Protobuf;
using Temporalio.Api.Schedule.V1;

namespace Mainstay.TemporalServer.Schedules;

/// <summary>What the clocks on the walls of a zone show.</summary>
internal sealed class ScheduleZone(Func<DateTimeOffset, TimeSpan> offsetAt)
{
    /// <summary>The zone without any change.</summary>
    public static ScheduleZone Utc { get; } = new(_ => TimeSpan.Zero);

    /// <summary>The zone of a specification: that of its data if it has any, else that of its name, else UTC; throws <see cref="SpecException"/> where there is no such zone.</summary>
    public static ScheduleZone Of(ScheduleSpec spec) => spec.TimezoneData.IsEmpty ? Named(spec.TimezoneName) : FromData(spec.TimezoneData);

    /// <summary>The zone of a name, UTC for none; throws <see cref="SpecException"/> when there is no such zone.</summary>
    public static ScheduleZone Named(string name) =>
        name.Length == 0 ? Utc
        : name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '+' or '/') && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found) ? new(time => found.GetUtcOffset(time))
        : throw new SpecException($"unknown time zone {name}");

    private static ScheduleZone FromData(ByteString data)
    {
        var file = ZoneFile.Parse(data.Span);
        return new(file.OffsetAt);
    }

    /// <summary>The same moment as the zone's clocks show it.</summary>
    public DateTimeOffset At(DateTimeOffset time) => time.ToOffset(TimeSpan.FromMinutes(Math.Round(offsetAt(time).TotalMinutes)));

    /// <summary>The first moment at which the clocks show a time; where they leap over it, the first after the leap, to a quarter of an hour.</summary>
    public DateTimeOffset FirstAt(DateTime wall)
    {
        while (true)
        {
            var near = new DateTimeOffset(wall, TimeSpan.Zero);
            var found = new[] { near.AddDays(-1), near.AddDays(1) }
                .Select(time => At(time).Offset)
                .Select(offset => At(new DateTimeOffset(wall, offset)))
                .Where(time => time.DateTime == wall)
                .Select(time => (DateTimeOffset?)time.ToUniversalTime())
                .Min();
            if (found is { } first)
            {
                return first;
            }

            wall = wall.AddMinutes(15);
        }
    }
}
