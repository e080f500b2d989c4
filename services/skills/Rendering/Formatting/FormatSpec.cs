using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Formatting;

/// <summary>Python's format specification: fill, alignment, sign, width, grouping, precision and type.</summary>
internal sealed partial record FormatSpec(string Fill, char Align, char Sign, bool IsAlternate, int Width, char Grouping, int? Precision, char Type)
{
    private const int Widest = 100_000;

    public static FormatSpec Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success)
        {
            throw TemplateException.Runtime($"'{text}' is no format");
        }

        var zero = match.Groups["zero"].Success;
        var align = match.Groups["align"].Value;
        return new FormatSpec(
            match.Groups["fill"].Success ? match.Groups["fill"].Value : zero ? "0" : " ",
            align.Length > 0 ? align[0] : zero ? '=' : ' ',
            First(match.Groups["sign"].Value, '-'),
            match.Groups["alternate"].Success,
            Number(match.Groups["width"].Value) ?? 0,
            First(match.Groups["grouping"].Value, ' '),
            Number(match.Groups["precision"].Value),
            First(match.Groups["type"].Value, ' '));
    }

    /// <summary>The value as this specification has it.</summary>
    public string Apply(object value, string text) => value switch
    {
        bool flag when Type is not (' ' or 's') => Whole(flag ? 1 : 0),
        bool => Aligned(text, '<'),
        long number when Type is 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or '%' => Real(number),
        long number => Whole(number),
        double number => Real(number),
        string or Markup => Text(text),
        _ when this == new FormatSpec(" ", ' ', '-', false, 0, ' ', null, ' ') => text,
        _ => throw TemplateException.Runtime($"{TypeName.Of(value)} takes no format"),
    };

    private string Text(string text)
    {
        if (Type is not (' ' or 's') || Align == '=' || Sign != '-' || Grouping != ' ')
        {
            throw TemplateException.Runtime("this format is not for text");
        }

        return Aligned(Precision is { } most ? CodePoints.First(text, most) : text, '<');
    }

    private string Whole(long number)
    {
        var magnitude = BigInteger.Abs(number);
        var (digits, prefix) = Type switch
        {
            ' ' or 'd' or 'n' => (magnitude.ToString(CultureInfo.InvariantCulture), ""),
            'x' => (Radix(magnitude, 16), "0x"),
            'X' => (Radix(magnitude, 16).ToUpperInvariant(), "0X"),
            'o' => (Radix(magnitude, 8), "0o"),
            'b' => (Radix(magnitude, 2), "0b"),
            'c' => (char.ConvertFromUtf32((int)Math.Clamp(number, 0, 0x10FFFF)), ""),
            _ => throw TemplateException.Runtime($"'{Type}' is no format for a whole number"),
        };
        return Signed(number < 0, (IsAlternate ? prefix : ""), Grouped(digits));
    }

    private string Real(double number)
    {
        var digits = RealText.Of(Math.Abs(number), Type, Precision, IsAlternate);
        var point = digits.AsSpan().IndexOfAny(".e%");
        return Signed(double.IsNegative(number), "", point < 0 ? Grouped(digits) : Grouped(digits[..point]) + digits[point..]);
    }

    private string Signed(bool isNegative, string prefix, string digits)
    {
        var head = (isNegative ? "-" : Sign is '+' or ' ' ? Sign.ToString() : "") + prefix;
        return Align == '=' ? head + Padding.Right(digits, Width - head.Length, Fill) : Aligned(head + digits, '>');
    }

    private string Aligned(string text, char usual) => (Align == ' ' ? usual : Align) switch
    {
        '<' => Padding.Left(text, Width, Fill),
        '^' => Centered(text),
        _ => Padding.Right(text, Width, Fill),
    };

    // Unlike str.center, an odd blank always goes to the right.
    private string Centered(string text)
    {
        var missing = Math.Max(0, Width - CodePoints.Count(text));
        return Padding.Fill(Fill, missing / 2) + text + Padding.Fill(Fill, missing - (missing / 2));
    }

    private string Grouped(string digits)
    {
        if (Grouping == ' ')
        {
            return digits;
        }

        var first = digits.Length % 3 == 0 ? 3 : digits.Length % 3;
        return digits.Length <= 3 ? digits : digits[..first] + string.Concat(digits[first..].Chunk(3).Select(group => Grouping + new string(group)));
    }

    private static string Radix(BigInteger number, int radix)
    {
        var digits = "";
        do
        {
            digits = "0123456789abcdef"[(int)(number % radix)] + digits;
            number /= radix;
        }
        while (number > 0);
        return digits;
    }

    private static char First(string text, char otherwise) => text.Length > 0 ? text[0] : otherwise;

    private static int? Number(string text) => text.Length == 0 ? null
        : int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number <= Widest ? number
        : throw TemplateException.Limit($"a width is more than {Widest}");

    [GeneratedRegex(@"\A(?:(?<fill>[\s\S]|[\uD800-\uDBFF][\uDC00-\uDFFF])?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<alternate>\#)?(?<zero>0)?(?<width>[0-9]+)?(?<grouping>[,_])?(?:\.(?<precision>[0-9]+))?(?<type>[bcdeEfFgGnosxX%])?\z")]
    private static partial Regex Pattern();
}
