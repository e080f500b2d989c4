namespace Temporalio.Client.Schedules;

/// <summary>The times of a schedule: all that its calendars, intervals and cron expressions name.</summary>
public record ScheduleSpec
{
    public IReadOnlyCollection<ScheduleCalendarSpec> Calendars { get; init; } = [];

    public IReadOnlyCollection<ScheduleIntervalSpec> Intervals { get; init; } = [];

    public IReadOnlyCollection<string> CronExpressions { get; init; } = [];

    /// <summary>Times that are left out.</summary>
    public IReadOnlyCollection<ScheduleCalendarSpec> Skip { get; init; } = [];

    public DateTime? StartAt { get; init; }

    public DateTime? EndAt { get; init; }

    /// <summary>How much later than its time an action may be taken, at random.</summary>
    public TimeSpan? Jitter { get; init; }

    /// <summary>The IANA name of the time zone of calendars and cron expressions; UTC by default.</summary>
    public string? TimeZoneName { get; init; }

    internal static ScheduleSpec FromProto(Api.Schedule.V1.ScheduleSpec? proto) => proto is null ? new() : new()
    {
        Calendars = [.. proto.StructuredCalendar.Select(ScheduleCalendarSpec.FromProto)],
        Intervals = [.. proto.Interval.Select(ScheduleIntervalSpec.FromProto)],
        CronExpressions = [.. proto.CronString],
        Skip = [.. proto.ExcludeStructuredCalendar.Select(ScheduleCalendarSpec.FromProto)],
        StartAt = proto.StartTime?.ToDateTime(),
        EndAt = proto.EndTime?.ToDateTime(),
        Jitter = proto.Jitter?.ToTimeSpan(),
        TimeZoneName = string.IsNullOrEmpty(proto.TimezoneName) ? null : proto.TimezoneName,
    };

    internal Api.Schedule.V1.ScheduleSpec ToProto() => new()
    {
        StructuredCalendar = { Calendars.Select(calendar => calendar.ToProto()) },
        Interval = { Intervals.Select(interval => interval.ToProto()) },
        CronString = { CronExpressions },
        ExcludeStructuredCalendar = { Skip.Select(calendar => calendar.ToProto()) },
        StartTime = StartAt is { } start ? Timestamp.FromDateTime(start) : null,
        EndTime = EndAt is { } end ? Timestamp.FromDateTime(end) : null,
        Jitter = Jitter is { } jitter ? Duration.FromTimeSpan(jitter) : null,
        TimezoneName = TimeZoneName ?? string.Empty,
    };
}

/// <summary>Times by the fields of a calendar; a time matches when each field has a range with it.</summary>
public record ScheduleCalendarSpec
{
    /// <summary>Zero: the first second, minute or hour.</summary>
    public static readonly IReadOnlyCollection<ScheduleRange> Beginning = [new(0)];

    public static readonly IReadOnlyCollection<ScheduleRange> AllMonthDays = [new(1, 31)];

    public static readonly IReadOnlyCollection<ScheduleRange> AllMonths = [new(1, 12)];

    public static readonly IReadOnlyCollection<ScheduleRange> AllWeekDays = [new(0, 6)];

    public IReadOnlyCollection<ScheduleRange> Second { get; init; } = Beginning;

    public IReadOnlyCollection<ScheduleRange> Minute { get; init; } = Beginning;

    public IReadOnlyCollection<ScheduleRange> Hour { get; init; } = Beginning;

    public IReadOnlyCollection<ScheduleRange> DayOfMonth { get; init; } = AllMonthDays;

    public IReadOnlyCollection<ScheduleRange> Month { get; init; } = AllMonths;

    /// <summary>Every year by default.</summary>
    public IReadOnlyCollection<ScheduleRange> Year { get; init; } = [];

    /// <summary>0 is Sunday.</summary>
    public IReadOnlyCollection<ScheduleRange> DayOfWeek { get; init; } = AllWeekDays;

    public string? Comment { get; init; }

    internal static ScheduleCalendarSpec FromProto(Api.Schedule.V1.StructuredCalendarSpec proto)
    {
        static IReadOnlyCollection<ScheduleRange> Ranges(IEnumerable<Api.Schedule.V1.Range> ranges) => [.. ranges.Select(range => new ScheduleRange(range.Start, range.End, range.Step))];
        return new()
        {
            Second = Ranges(proto.Second),
            Minute = Ranges(proto.Minute),
            Hour = Ranges(proto.Hour),
            DayOfMonth = Ranges(proto.DayOfMonth),
            Month = Ranges(proto.Month),
            Year = Ranges(proto.Year),
            DayOfWeek = Ranges(proto.DayOfWeek),
            Comment = string.IsNullOrEmpty(proto.Comment) ? null : proto.Comment,
        };
    }

    internal Api.Schedule.V1.StructuredCalendarSpec ToProto() => new()
    {
        Second = { Second.Select(range => range.ToProto()) },
        Minute = { Minute.Select(range => range.ToProto()) },
        Hour = { Hour.Select(range => range.ToProto()) },
        DayOfMonth = { DayOfMonth.Select(range => range.ToProto()) },
        Month = { Month.Select(range => range.ToProto()) },
        Year = { Year.Select(range => range.ToProto()) },
        DayOfWeek = { DayOfWeek.Select(range => range.ToProto()) },
        Comment = Comment ?? string.Empty,
    };
}

/// <summary>Numbers from one to another; an end before the start counts as the start, a step of 0 as 1.</summary>
public record ScheduleRange(int Start, int End = 0, int Step = 0)
{
    internal Api.Schedule.V1.Range ToProto() => new() { Start = Start, End = End, Step = Step };
}

/// <summary>Times that lie the same stretch apart, counted from the epoch and moved by an offset.</summary>
public record ScheduleIntervalSpec(TimeSpan Every, TimeSpan? Offset = null)
{
    internal static ScheduleIntervalSpec FromProto(Api.Schedule.V1.IntervalSpec proto) => new(proto.Interval.ToTimeSpan(), proto.Phase?.ToTimeSpan());

    internal Api.Schedule.V1.IntervalSpec ToProto() => new()
    {
        Interval = Duration.FromTimeSpan(Every),
        Phase = Offset is { } offset ? Duration.FromTimeSpan(offset) : null,
    };
}
