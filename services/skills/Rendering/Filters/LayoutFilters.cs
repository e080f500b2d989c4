using Mainstay.Skills.Rendering.Methods;
using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Filters;

/// <summary>Filters that lay text out.</summary>
internal static class LayoutFilters
{
    public static object Indent(TemplateRun run, object value, CallArguments arguments)
    {
        var bound = arguments.Bind("width", "first", "blank");
        var text = TextOf(value);
        var indention = bound[0] is string or Markup ? bound.Text(0)! : new string(' ', Width(run, bound.Number(0, 4)));
        var (first, blank) = (bound.Flag(1, false), bound.Flag(2, false));
        if (value is Markup && bound[0] is string)
        {
            indention = Markup.Escape(indention).Text;
        }

        var lines = TextLines.Split(text + "\n");
        run.Budget.CountText(text.Length + ((long)lines.Count * indention.Length));
        var indented = lines[0] + string.Concat(lines.Skip(1).Select(line => "\n" + (blank || line.Length > 0 ? indention + line : line)));
        var result = first ? indention + indented : indented;
        return value is Markup ? new Markup(result) : result;
    }

    public static object Truncate(TemplateRun run, object value, CallArguments arguments)
    {
        var bound = arguments.Bind("length", "killwords", "end", "leeway");
        var length = bound.Number(0, 255);
        var end = bound.Text(2) ?? "...";
        var leeway = bound.Number(3, 5);
        var room = length - CodePoints.Count(end);
        if (room < 0 || leeway < 0)
        {
            throw TemplateException.Runtime($"the length must be at least that of '{end}', and the leeway at least 0");
        }

        if (value is Undefined undefined)
        {
            undefined.Tolerate();
            return value;
        }

        var text = TextOf(value);
        if (CodePoints.Count(text) <= length + leeway)
        {
            return value;
        }

        var kept = CodePoints.First(text, room);
        var cut = bound.Flag(1, false) ? -1 : kept.LastIndexOf(' ');
        var result = (cut < 0 ? kept : kept[..cut]) + (value is Markup ? Markup.Escape(end).Text : end);
        return value is Markup ? new Markup(result) : result;
    }

    public static object WordWrap(TemplateRun run, object value, CallArguments arguments)
    {
        var bound = arguments.Bind("width", "break_long_words", "wrapstring", "break_on_hyphens");
        var width = bound.Number(0, 79);
        var separator = bound.Text(2) ?? "\n";
        if (width <= 0)
        {
            throw TemplateException.Runtime($"the width must be at least 1, not {width}");
        }

        var text = TextOf(value);
        run.Budget.CountText(text.Length);
        var wrapper = new WordWrapper(width, bound.Flag(1, true), bound.Flag(3, true));
        var wrapped = TextLines.Split(text).Select(line => string.Join(separator, wrapper.Wrap(line)));
        var result = string.Join(separator, wrapped);
        run.Budget.CountText(result.Length);
        return result;
    }

    private static int Width(TemplateRun run, int width)
    {
        run.Budget.CountText(width);
        return Math.Max(0, width);
    }

    private static string TextOf(object value) => value switch
    {
        string text => text,
        Markup markup => markup.Text,
        Undefined undefined => throw undefined.Error(),
        _ => throw TemplateException.Runtime($"this filter lays out text, not {TypeName.Of(value)}"),
    };
}
