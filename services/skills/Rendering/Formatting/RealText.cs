using System.Globalization;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Formatting;

/// <summary>Writes a float that is not negative in one of Python's formats.</summary>
internal static class RealText
{
    private const int UsualPrecision = 6;

    public static string Of(double value, char type, int? precision, bool isAlternate)
    {
        if (!double.IsFinite(value))
        {
            var name = double.IsNaN(value) ? "nan" : "inf";
            return char.IsUpper(type) ? name.ToUpperInvariant() : name;
        }

        return type switch
        {
            'f' or 'F' => ExactDecimal.Fixed(value, precision ?? UsualPrecision),
            '%' => ExactDecimal.Fixed(value * 100, precision ?? UsualPrecision) + "%",
            'e' => Exponential(value, precision ?? UsualPrecision),
            'E' => Exponential(value, precision ?? UsualPrecision).ToUpperInvariant(),
            'g' or 'n' => General(value, precision ?? UsualPrecision, isAlternate),
            'G' => General(value, precision ?? UsualPrecision, isAlternate).ToUpperInvariant(),
            ' ' when precision is null => FloatText.Of(value),
            ' ' => WithPoint(General(value, precision.Value, isAlternate)),
            _ => throw TemplateException.Runtime($"'{type}' is no format for a float"),
        };
    }

    private static string Exponential(double value, int precision)
    {
        var (digits, exponent) = ExactDecimal.Scientific(value, precision);
        return $"{digits[0]}{(precision > 0 ? "." : "")}{digits[1..]}{Power(exponent)}";
    }

    private static string General(double value, int precision, bool isAlternate)
    {
        var significant = Math.Max(1, precision);
        var (digits, exponent) = ExactDecimal.Scientific(value, significant - 1);
        var kept = isAlternate ? digits : digits.TrimEnd('0') is { Length: > 0 } trimmed ? trimmed : "0";
        return exponent < -4 || exponent >= significant ? $"{kept[0]}{(kept.Length > 1 ? "." + kept[1..] : "")}{Power(exponent)}"
            : exponent < 0 ? $"0.{new string('0', -exponent - 1)}{kept}"
            : kept.Length <= exponent + 1 ? kept.PadRight(exponent + 1, '0')
            : $"{kept[..(exponent + 1)]}.{kept[(exponent + 1)..]}";
    }

    private static string WithPoint(string text) => text.AsSpan().IndexOfAny(".e") >= 0 ? text : text + ".0";

    private static string Power(int exponent) => string.Create(CultureInfo.InvariantCulture, $"e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
}
