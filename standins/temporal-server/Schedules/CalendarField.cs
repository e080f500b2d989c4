using System.Globalization;
using Range = Temporalio.Api.Schedule.V1.Range;

namespace Mainstay.TemporalServer.Schedules;

/// <summary>One field of a calendar: its name, its bounds, and the names its values have.</summary>
internal sealed record CalendarField(string Name, int Low, int High, string[]? Names = null)
{
    private static readonly string[] MonthNames = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    private static readonly string[] DayNames = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    /// <summary>The seconds of a minute.</summary>
    public static CalendarField Second { get; } = new("Second", 0, 59);

    /// <summary>The minutes of an hour.</summary>
    public static CalendarField Minute { get; } = new("Minute", 0, 59);

    /// <summary>The hours of a day.</summary>
    public static CalendarField Hour { get; } = new("Hour", 0, 23);

    /// <summary>The days of a month.</summary>
    public static CalendarField DayOfMonth { get; } = new("DayOfMonth", 1, 31);

    /// <summary>The months of a year.</summary>
    public static CalendarField Month { get; } = new("Month", 1, 12, MonthNames);

    /// <summary>The years that schedules reach to.</summary>
    public static CalendarField Year { get; } = new("Year", 2000, 2100);

    /// <summary>The days of a week; 0 and 7 are Sunday.</summary>
    public static CalendarField DayOfWeek { get; } = new("DayOfWeek", 0, 7, DayNames);

    /// <summary>Reads <c>*</c>, <c>x</c>, <c>x-y</c>, each with <c>/step</c>, and lists of them.</summary>
    public IEnumerable<Range> Parse(string text)
    {
        var ranges = text.Split(',').Select(One).ToList();
        // A week that is asked for with 7 as Sunday is told of with 0.
        return this == DayOfWeek ? ranges.SelectMany(SundayFirst) : ranges;
    }

    /// <summary>Refuses ranges that leave the bounds, and fills in what they leave open.</summary>
    public void Complete(IEnumerable<Range> ranges)
    {
        foreach (var range in ranges)
        {
            Require(range.Start);
            Require(Math.Max(range.Start, range.End));
            if (range.Step < 0)
            {
                throw new SpecException($"{Name} has invalid Step");
            }

            range.End = Math.Max(range.Start, range.End);
            range.Step = Math.Max(1, range.Step);
        }
    }

    /// <summary>Tells whether a value is in one of the ranges.</summary>
    public static bool Matches(IEnumerable<Range> ranges, int value) =>
        ranges.Any(r => value >= r.Start && value <= Math.Max(r.Start, r.End) && (value - r.Start) % Math.Max(1, r.Step) == 0);

    private Range One(string text)
    {
        var (body, step) = text.Split('/') switch
        {
            [var whole] => (whole.Trim(), 0),
            [var whole, var every] when int.TryParse(every, NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given > 0 => (whole.Trim(), given),
            _ => throw new SpecException($"{Name} is not a valid expression"),
        };
        var all = body is "*" or "?";
        var bounds = all ? [] : body.Split('-');
        var range = bounds switch
        {
            _ when all => new Range { Start = Low, End = this == DayOfWeek ? 6 : High },
            [var single] => new Range { Start = Value(single), End = step > 0 ? (this == DayOfWeek ? 6 : High) : Value(single) },
            [var from, var to] => new Range { Start = Value(from), End = Value(to) },
            _ => throw new SpecException($"{Name} is not a valid expression"),
        };
        range.Step = Math.Max(1, step);
        return range.End >= range.Start ? range : throw new SpecException($"{Name} has end before start");
    }

    private static IEnumerable<Range> SundayFirst(Range range)
    {
        if (range.End < 7)
        {
            return [range];
        }

        var sunday = CalendarField.Matches([range], 7) ? new[] { new Range { Start = 0, End = 0, Step = 1 } } : [];
        return range.Start == 7 ? sunday : [.. sunday, new Range { Start = range.Start, End = 6, Step = range.Step }];
    }

    private int Value(string text)
    {
        var name = text.Trim().ToLowerInvariant();
        if (Names is not null && name.Length >= 3 && Array.FindIndex(Names, n => n.StartsWith(name, StringComparison.Ordinal)) is >= 0 and var index)
        {
            return index + Low;
        }

        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? Require(value) : throw new SpecException($"{Name} is not a valid expression");
    }

    private int Require(int value) => value >= Low && value <= High ? value : throw new SpecException($"{Name} is not in range [{Low}-{High}]");
}

/// <summary>A specification that is refused, with the reason for its author.</summary>
internal sealed class SpecException(string message) : Exception(message);
