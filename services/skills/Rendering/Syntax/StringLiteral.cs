using System.Globalization;
using System.Text;

namespace Mainstay.Skills.Rendering.Syntax;

/// <summary>Reads a quoted string with Python's escapes.</summary>
internal static class StringLiteral
{
    /// <summary>The length of the literal that begins here, quotes included.</summary>
    public static int Length(string source, int begin)
    {
        for (var at = begin + 1; at < source.Length; at++)
        {
            if (source[at] == '\\')
            {
                at++;
            }
            else if (source[at] == source[begin])
            {
                return at + 1 - begin;
            }
        }

        throw new TemplateException(TemplateErrorKind.Syntax, "a string is not closed", SourcePosition.Of(source, begin));
    }

    /// <summary>The characters that a literal stands for; an escape without meaning stays as written.</summary>
    public static string Unescape(string source, int begin, int length)
    {
        var end = begin + length;
        var text = new StringBuilder(length);
        for (var at = begin; at < end;)
        {
            if (source[at] != '\\' || at + 1 >= end)
            {
                text.Append(source[at++]);
                continue;
            }

            at = source[at + 1] switch
            {
                'x' => AppendCode(text, source, at, end, 2),
                'u' => AppendCode(text, source, at, end, 4),
                'U' => AppendCode(text, source, at, end, 8),
                >= '0' and <= '7' => AppendOctal(text, source, at, end),
                _ => AppendSimple(text, source, at),
            };
        }

        return text.ToString();
    }

    private static int AppendSimple(StringBuilder text, string source, int at)
    {
        _ = source[at + 1] switch
        {
            'n' => text.Append('\n'),
            't' => text.Append('\t'),
            'r' => text.Append('\r'),
            'a' => text.Append('\a'),
            'b' => text.Append('\b'),
            'f' => text.Append('\f'),
            'v' => text.Append('\v'),
            '\n' => text,
            '\\' or '\'' or '"' => text.Append(source[at + 1]),
            _ => text.Append(source, at, 2),
        };
        return at + 2;
    }

    private static int AppendOctal(StringBuilder text, string source, int at, int end)
    {
        var value = 0;
        var next = at + 1;
        for (; next < Math.Min(at + 4, end) && source[next] is >= '0' and <= '7'; next++)
        {
            value = (value * 8) + source[next] - '0';
        }

        text.Append((char)value);
        return next;
    }

    private static int AppendCode(StringBuilder text, string source, int at, int end, int digits)
    {
        if (at + 2 + digits > end
            || !uint.TryParse(source.AsSpan(at + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            || code > 0x10FFFF)
        {
            throw new TemplateException(TemplateErrorKind.Syntax, $"'\\{source[at + 1]}' needs {digits} hexadecimal digits of a character", SourcePosition.Of(source, at));
        }

        // A lone surrogate is a character of its own, as in Python.
        _ = code is >= 0xD800 and <= 0xDFFF ? text.Append((char)code) : text.Append(char.ConvertFromUtf32((int)code));
        return at + 2 + digits;
    }
}
