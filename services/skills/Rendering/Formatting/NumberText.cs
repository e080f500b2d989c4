using System.Globalization;

namespace Mainstay.Skills.Rendering.Formatting;

/// <summary>Reads numbers from text as Python's <c>int</c> and <c>float</c> do.</summary>
internal static class NumberText
{
    /// <summary>The whole number; null when the text is none.</summary>
    public static object? Whole(string text, int radix)
    {
        var digits = text.Trim().ToLowerInvariant();
        var isNegative = digits.StartsWith('-');
        digits = isNegative || digits.StartsWith('+') ? digits[1..] : digits;
        var prefix = radix switch { 16 => "0x", 8 => "0o", 2 => "0b", _ => "" };
        if (prefix.Length > 0 && digits.StartsWith(prefix, StringComparison.Ordinal))
        {
            digits = digits[2..].TrimStart('_');
        }

        if (digits.Length == 0 || digits[0] == '_' || digits[^1] == '_' || digits.Contains("__", StringComparison.Ordinal) || radix is < 2 or > 36)
        {
            return null;
        }

        var number = Int128.Zero;
        foreach (var character in digits.Where(character => character != '_'))
        {
            var digit = char.IsAsciiDigit(character) ? character - '0' : char.IsAsciiLetterLower(character) ? character - 'a' + 10 : radix;
            if (digit >= radix)
            {
                return null;
            }

            number = (number * radix) + digit;
            if (number > long.MaxValue)
            {
                throw TemplateException.Limit("a whole number is beyond 64 bits");
            }
        }

        return (long)(isNegative ? -number : number);
    }

    /// <summary>The float; null when the text is none.</summary>
    public static double? Real(string text)
    {
        var trimmed = text.Trim();
        var isClean = !trimmed.StartsWith('_') && !trimmed.EndsWith('_') && !trimmed.Contains("__", StringComparison.Ordinal);
        return trimmed.TrimStart('+', '-').ToLowerInvariant() switch
        {
            "inf" or "infinity" => trimmed.StartsWith('-') ? double.NegativeInfinity : double.PositiveInfinity,
            "nan" => double.NaN,
            _ when isClean && double.TryParse(
                trimmed.Replace("_", "", StringComparison.Ordinal),
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture,
                out var number) => number,
            _ => null,
        };
    }
}
