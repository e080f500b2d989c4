using System.Globalization;

namespace Mainstay.ServiceDefaults.Configuration;

/// <summary>Reads durations as the configuration writes them: a whole number and ms, s, m, h or d.</summary>
public static class Durations
{
    /// <summary>Reads a duration; false when the text is none.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        var digits = text?.TakeWhile(char.IsAsciiDigit).Count() ?? 0;
        if (digits is 0 or > 9)
        {
            return false;
        }

        var amount = int.Parse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture);
        TimeSpan? unit = text![digits..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "m" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            "d" => TimeSpan.FromDays(1),
            _ => null,
        };
        duration = (unit ?? TimeSpan.Zero) * amount;
        return unit is not null;
    }
}
