using System.Globalization;

namespace Mainstay.Audit.Search;

/// <summary>Where a page ended: a time in microseconds, as the column holds it, and among equal ones a position.</summary>
internal sealed record PageCursor(DateTime EventTime, long Sequence)
{
    /// <summary>Reads a page token; the empty one has no cursor.</summary>
    public static PageCursor? Parse(string token)
    {
        if (token.Length == 0)
        {
            return null;
        }

        return token.Split('.') is [var time, var sequence]
            && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTime.MaxValue.Ticks
            && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? new PageCursor(new DateTime(ticks, DateTimeKind.Utc), position)
            : throw AuditErrors.FieldInvalid("page_token", "must be the next_page_token of the page before, or empty");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{EventTime.Ticks}.{Sequence}");
}

/// <summary>How many rows a page holds.</summary>
internal static class PageSizes
{
    private const int Default = 100;
    private const int Most = 1000;

    /// <summary>The number asked for, or the default.</summary>
    public static int Of(int asked) => asked is < 0 or > Most
        ? throw AuditErrors.FieldInvalid("page_size", $"must be 1 to {Most}, or 0 for {Default}")
        : asked == 0 ? Default : asked;
}
