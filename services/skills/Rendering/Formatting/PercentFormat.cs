using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Formatting;

/// <summary>Python's <c>text % values</c>.</summary>
internal sealed partial class PercentFormat
{
    private readonly TemplateRun run;
    private readonly bool escapes;
    private readonly TemplateDict? names;
    private readonly IReadOnlyList<object> values;
    private int next;

    private PercentFormat(TemplateRun run, object values, bool escapes)
    {
        (this.run, this.escapes) = (run, escapes);
        names = values as TemplateDict;
        this.values = values is TemplateTuple tuple ? tuple.Items : [values];
    }

    /// <summary>The text with its placeholders filled; markup escapes what it takes in.</summary>
    public static string Apply(TemplateRun run, string text, object values, bool escapes)
    {
        var format = new PercentFormat(run, values, escapes);
        var result = new StringBuilder();
        var begin = 0;
        for (var at = text.IndexOf('%', StringComparison.Ordinal); at >= 0; at = text.IndexOf('%', begin))
        {
            var match = Placeholder().Match(text, at);
            if (!match.Success)
            {
                throw TemplateException.Runtime("a '%' begins no placeholder; a percent sign is written '%%'");
            }

            result.Append(text, begin, at - begin).Append(format.Fill(match));
            run.Budget.CheckText(result.Length);
            begin = at + match.Length;
        }

        result.Append(text, begin, text.Length - begin);
        if (format.names is null && format.next < format.values.Count && values is not List<object>)
        {
            throw TemplateException.Runtime("there are more values than placeholders");
        }

        run.Budget.CountText(result.Length);
        return result.ToString();
    }

    private string Fill(Match match)
    {
        var type = match.Groups["type"].Value[0];
        var flags = match.Groups["flags"].Value;
        if (type == '%')
        {
            return "%";
        }

        var name = match.Groups["name"];
        var width = Size(match.Groups["width"].Value);
        var precision = match.Groups["point"].Success ? Size(match.Groups["precision"].Value) ?? 0 : (int?)null;
        var value = name.Success ? Named(name.Value) : Next();
        var isLeft = flags.Contains('-', StringComparison.Ordinal) || width < 0;
        var (sign, digits) = Convert(value, type, flags, precision);
        var zeros = flags.Contains('0', StringComparison.Ordinal) && !isLeft && type is not ('s' or 'r' or 'a' or 'c');
        var padded = zeros ? sign + Padding.Right(digits, Math.Abs(width ?? 0) - sign.Length, "0") : sign + digits;
        return isLeft ? Padding.Left(padded, Math.Abs(width ?? 0), " ") : Padding.Right(padded, width ?? 0, " ");
    }

    private (string Sign, string Digits) Convert(object value, char type, string flags, int? precision)
    {
        if (type is 's' or 'r' or 'a' or 'c')
        {
            var text = Text(value, type);
            return ("", precision is { } most ? CodePoints.First(text, most) : text);
        }

        var plus = flags.Contains('+', StringComparison.Ordinal) ? "+" : flags.Contains(' ', StringComparison.Ordinal) ? " " : "";
        var isAlternate = flags.Contains('#', StringComparison.Ordinal);
        if (value is not (bool or long or double))
        {
            throw value is Undefined undefined && type is not ('x' or 'X' or 'o') ? undefined.Error() : TemplateException.Runtime($"'%{type}' needs a number, not {TypeName.Of(value)}");
        }

        if (type is 'd' or 'i' or 'u' or 'x' or 'X' or 'o')
        {
            var whole = value is double real && type is 'd' or 'i' or 'u' ? Truncated(System.Convert.ToDouble(value)) : value is double
                ? throw TemplateException.Runtime($"'%{type}' needs a whole number, not float")
                : System.Convert.ToInt64(value);
            var digits = new FormatSpec(" ", ' ', '-', false, 0, ' ', null, type is 'i' or 'u' ? 'd' : type).Apply(whole < 0 ? -whole : whole, "");
            var prefix = isAlternate && type is 'x' or 'X' or 'o' && isAlternate ? $"0{type}" : "";
            return ((whole < 0 ? "-" : plus) + prefix, digits.PadLeft(precision ?? 0, '0'));
        }

        var number = System.Convert.ToDouble(value);
        return (double.IsNegative(number) ? "-" : plus, RealText.Of(Math.Abs(number), type, precision, isAlternate));
    }

    private static long Truncated(double number) => Math.Abs(number) < 9.2e18 ? (long)number : throw TemplateException.Limit("a whole number would be beyond 64 bits");

    private string Text(object value, char type) => type switch
    {
        's' => escapes ? Markup.Escape(value, run.Text).Text : run.Text.Of(value),
        'c' when value is long code and >= 0 and <= 0x10FFFF and not (>= 0xD800 and <= 0xDFFF) => char.ConvertFromUtf32((int)code),
        'c' when value is string text && CodePoints.Count(text) == 1 => text,
        'c' => throw TemplateException.Runtime("'%c' needs a character"),
        _ => run.Text.Representation(value),
    };

    private object Named(string name) => names is null ? throw TemplateException.Runtime($"'%({name})' needs a mapping")
        : names.Entries.TryGetValue(name, out var value) ? value
        : throw TemplateException.Runtime($"the mapping has no '{name}'");

    private object Next() => names is not null && next == 0 ? TakeWhole()
        : next < values.Count ? values[next++]
        : throw TemplateException.Runtime("there are fewer values than placeholders");

    private object TakeWhole()
    {
        next++;
        return names!;
    }

    private int? Size(string text) => text.Length == 0 ? null
        : text == "*" ? Next() is long size and > -100_000 and < 100_000 ? (int)size : throw TemplateException.Runtime("'*' needs a whole number")
        : int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number < 100_000 ? number
        : throw TemplateException.Limit("a width is more than 100000");

    [GeneratedRegex(@"\G%(?:\((?<name>[^()]*)\))?(?<flags>[-+ #0]*)(?<width>\*|[0-9]*)(?<point>\.(?<precision>\*|[0-9]*))?[hlL]?(?<type>[diouxXeEfFgGcrsa%])")]
    private static partial Regex Placeholder();
}
