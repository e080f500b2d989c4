using System.Globalization;
using System.Text.RegularExpressions;

namespace Mainstay.TemporalServer.Schedules;

/// <summary>A zone's rule for all years, as POSIX writes it in the variable TZ: <c>CET-1CEST,M3.5.0,M10.5.0/3</c>.</summary>
internal sealed partial class PosixZone
{
    private readonly int standard;
    private readonly int summer;
    private readonly (string Day, int Time)? begins;
    private readonly (string Day, int Time)? ends;

    private PosixZone(Match rule)
    {
        standard = -Seconds(rule.Groups["standard"].Value);
        if (!rule.Groups["summerName"].Success)
        {
            return;
        }

        summer = rule.Groups["summer"].Success ? -Seconds(rule.Groups["summer"].Value) : standard + 3600;
        begins = Change(rule, "begins");
        ends = Change(rule, "ends");
    }

    /// <summary>Reads a rule; throws <see cref="FormatException"/> when it is none.</summary>
    public static PosixZone Parse(string text) => Rule().Match(text) is { Success: true } rule ? new PosixZone(rule) : throw new FormatException($"{text} is no rule of a time zone.");

    /// <summary>How many seconds the clocks are ahead of UTC.</summary>
    public int OffsetAt(DateTimeOffset time)
    {
        if (begins is not { } from || ends is not { } to)
        {
            return standard;
        }

        var year = time.AddSeconds(standard).Year;
        var (begin, end) = (Moment(from, year, standard), Moment(to, year, summer));
        var inSummer = begin < end ? time >= begin && time < end : time >= begin || time < end;
        return inSummer ? summer : standard;
    }

    private static (string Day, int Time) Change(Match rule, string name) =>
        (rule.Groups[name].Value, rule.Groups[name + "Time"].Success ? Seconds(rule.Groups[name + "Time"].Value) : 7200);

    private static DateTimeOffset Moment((string Day, int Time) change, int year, int offset) =>
        new DateTimeOffset(Date(change.Day, year), TimeSpan.Zero).AddSeconds(change.Time - offset);

    private static DateTime Date(string day, int year)
    {
        static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        var january = new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);
        if (day[0] == 'J')
        {
            // The 29th of February is never counted.
            var count = Number(day[1..]);
            return january.AddDays(count - (count >= 60 && DateTime.IsLeapYear(year) ? 0 : 1));
        }

        if (day[0] != 'M')
        {
            return january.AddDays(Number(day));
        }

        var parts = day[1..].Split('.').Select(Number).ToArray();
        var first = new DateTime(year, parts[0], 1, 0, 0, 0, DateTimeKind.Unspecified);
        var date = first.AddDays(((parts[2] - (int)first.DayOfWeek + 7) % 7) + (7 * (parts[1] - 1)));
        return date.Month == first.Month ? date : date.AddDays(-7);
    }

    private static int Seconds(string text)
    {
        var parts = text.TrimStart('+', '-').Split(':').Select(part => int.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture)).ToArray();
        var seconds = (parts[0] * 3600) + (parts.Length > 1 ? parts[1] * 60 : 0) + (parts.Length > 2 ? parts[2] : 0);
        return text[0] == '-' ? -seconds : seconds;
    }

    [GeneratedRegex(
        """
        ^(?:[A-Za-z]+|<[^>]+>)(?<standard>[+-]?\d{1,3}(?::\d{1,2}){0,2})
        (?:(?<summerName>[A-Za-z]+|<[^>]+>)(?<summer>[+-]?\d{1,3}(?::\d{1,2}){0,2})?
        ,(?<begins>J\d{1,3}|\d{1,3}|M(?:1[0-2]|[1-9])\.[1-5]\.[0-6])(?:/(?<beginsTime>[+-]?\d{1,3}(?::\d{1,2}){0,2}))?
        ,(?<ends>J\d{1,3}|\d{1,3}|M(?:1[0-2]|[1-9])\.[1-5]\.[0-6])(?:/(?<endsTime>[+-]?\d{1,3}(?::\d{1,2}){0,2}))?)?$
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Rule();
}
