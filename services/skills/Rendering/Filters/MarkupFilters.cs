using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Filters;

/// <summary>Filters for HTML and URLs.</summary>
internal static partial class MarkupFilters
{
    private const string Unreserved = "_.-~";

    public static object Escape(TemplateRun run, object value, CallArguments arguments)
    {
        arguments.Bind();
        return Counted(run, Markup.Escape(value, run.Text));
    }

    public static object ForceEscape(TemplateRun run, object value, CallArguments arguments)
    {
        arguments.Bind();
        return Counted(run, Markup.Escape(run.Text.Of(value)));
    }

    public static object Safe(TemplateRun run, object value, CallArguments arguments)
    {
        arguments.Bind();
        return new Markup(run.Text.Of(value));
    }

    public static object StripTags(TemplateRun run, object value, CallArguments arguments)
    {
        arguments.Bind();
        var text = run.Text.Of(value);
        run.Budget.CountText(text.Length);
        var untagged = Tag().Replace(Comment().Replace(text, ""), "");
        return WebUtility.HtmlDecode(string.Join(' ', untagged.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    public static object XmlAttributes(TemplateRun run, object value, CallArguments arguments)
    {
        var bound = arguments.Bind("autospace");
        var dict = value as TemplateDict ?? throw (value is Undefined undefined ? undefined.Error() : TemplateException.Runtime($"xmlattr needs a mapping, not {TypeName.Of(value)}"));
        var parts = new List<string>();
        foreach (var (key, content) in dict.Entries.Where(entry => entry.Value is not (None or Undefined)))
        {
            var name = run.Text.Of(key);
            if (name.AsSpan().IndexOfAny(" \t\n\r\f\v/>=") >= 0)
            {
                throw TemplateException.Runtime($"'{name}' is no name of an attribute");
            }

            parts.Add($"{Markup.Escape(name).Text}=\"{Markup.Escape(content, run.Text).Text}\"");
        }

        var text = string.Join(' ', parts);
        run.Budget.CountText(text.Length);
        return bound.Flag(0, true) && text.Length > 0 ? " " + text : text;
    }

    public static object UrlEncode(TemplateRun run, object value, CallArguments arguments)
    {
        arguments.Bind();
        if (value is string or Markup or None or bool or long or double)
        {
            return Quote(run, value, isQuery: false);
        }

        var pairs = value is TemplateDict dict
            ? dict.Entries.Select(entry => (entry.Key, entry.Value))
            : run.Budget.ToList(Iteration.Of(value)).Select(pair => Pair(run, pair));
        return string.Join('&', pairs.Select(pair => $"{Quote(run, pair.Item1, isQuery: true)}={Quote(run, pair.Item2, isQuery: true)}"));
    }

    private static (object, object) Pair(TemplateRun run, object pair) => run.Budget.ToList(Iteration.Of(pair)) is [var key, var value]
        ? (key, value)
        : throw TemplateException.Runtime("urlencode needs text, a mapping or pairs");

    private static string Quote(TemplateRun run, object value, bool isQuery)
    {
        var bytes = Encoding.UTF8.GetBytes(run.Text.Of(value));
        run.Budget.CountText(bytes.Length * 3L);
        var quoted = new StringBuilder(bytes.Length);
        foreach (var octet in bytes)
        {
            var character = (char)octet;
            _ = char.IsAsciiLetterOrDigit(character) || Unreserved.Contains(character, StringComparison.Ordinal) || (character == '/' && !isQuery) ? quoted.Append(character)
                : character == ' ' && isQuery ? quoted.Append('+')
                : quoted.Append('%').Append(octet.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return quoted.ToString();
    }

    private static Markup Counted(TemplateRun run, Markup markup)
    {
        run.Budget.CountText(markup.Text.Length);
        return markup;
    }

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Comment();

    [GeneratedRegex("<.*?>", RegexOptions.Singleline, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Tag();
}
