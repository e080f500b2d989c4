using System.Globalization;

namespace Mainstay.Skills.Rendering.Values;

/// <summary>Writes a double as Python does: the shortest digits that read back, an exponent below 1e-4 and from 1e16.</summary>
internal static class FloatText
{
    // Between these neither .NET nor Python writes an exponent.
    private const double LeastPlain = 1e-4;
    private const double MostPlain = 1e15;

    public static string Of(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }

        // Most have no exponent, and are written by .NET as by Python but for the point that a whole one lacks.
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        if (Math.Abs(value) is >= LeastPlain and < MostPlain)
        {
            return shortest.Contains('.', StringComparison.Ordinal) ? shortest : shortest + ".0";
        }

        var sign = double.IsNegative(value) ? "-" : "";
        var (digits, exponent) = Shortest(shortest.TrimStart('-'));
        return sign + exponent switch
        {
            < -4 or >= 16 => $"{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}",
            < 0 => $"0.{new string('0', -exponent - 1)}{digits}",
            _ when digits.Length <= exponent + 1 => $"{digits.PadRight(exponent + 1, '0')}.0",
            _ => $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}",
        };
    }

    // The digits d1d2d3… and e of d1.d2d3… x 10^e.
    private static (string Digits, int Exponent) Shortest(string text)
    {
        var parts = text.Split('E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? parts[0] : parts[0][..point];
        var all = point < 0 ? whole : whole + parts[0][(point + 1)..];
        var leading = all.Length - all.TrimStart('0').Length;
        var digits = all.Trim('0');
        var exponent = whole.Length - 1 - leading + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        return digits.Length == 0 ? ("0", 0) : (digits, exponent);
    }
}
