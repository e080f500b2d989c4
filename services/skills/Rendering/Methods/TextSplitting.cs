using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Methods;

/// <summary>The methods that cut text into parts.</summary>
internal static class TextSplitting
{
    public static object Split(TemplateRun run, string self, CallArguments arguments, bool fromEnd)
    {
        var bound = arguments.Bind("sep", "maxsplit");
        var separator = bound.Text(0);
        var most = bound.Number(1, -1);
        run.Budget.CountText(self.Length);
        if (separator is { Length: 0 })
        {
            throw TemplateException.Runtime("the separator is empty");
        }

        var parts = separator is null ? AtBlanks(run, self, most, fromEnd) : AtSeparator(run, self, separator, most, fromEnd);
        run.Budget.CheckItems(parts.Count);
        return parts.ConvertAll(part => (object)part);
    }

    public static object Partition(string self, CallArguments arguments, bool fromEnd)
    {
        var separator = arguments.Bind("sep").Text(0) is { Length: > 0 } text ? text : throw TemplateException.Runtime("the separator is empty");
        var at = fromEnd ? self.LastIndexOf(separator, StringComparison.Ordinal) : self.IndexOf(separator, StringComparison.Ordinal);
        return at >= 0 ? new TemplateTuple([self[..at], separator, self[(at + separator.Length)..]])
            : fromEnd ? new TemplateTuple(["", "", self])
            : new TemplateTuple([self, "", ""]);
    }

    private static List<string> AtSeparator(TemplateRun run, string text, string separator, int most, bool fromEnd)
    {
        if (most < 0)
        {
            return [.. text.Split(separator)];
        }

        var parts = new List<string>();
        for (; most > 0; most--)
        {
            run.Budget.CountText(text.Length);
            var at = fromEnd ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
            if (at < 0)
            {
                break;
            }

            parts.Add(fromEnd ? text[(at + separator.Length)..] : text[..at]);
            text = fromEnd ? text[..at] : text[(at + separator.Length)..];
        }

        parts.Add(text);
        return InOrder(parts, fromEnd);
    }

    private static List<string> AtBlanks(TemplateRun run, string text, int most, bool fromEnd)
    {
        if (most < 0)
        {
            return [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
        }

        var parts = new List<string>();
        var rest = fromEnd ? text.TrimEnd() : text.TrimStart();
        for (; rest.Length > 0 && most > 0; most--)
        {
            run.Budget.CountText(rest.Length);
            var at = IndexOfBlank(rest, fromEnd);
            if (at < 0)
            {
                break;
            }

            parts.Add(fromEnd ? rest[(at + 1)..] : rest[..at]);
            rest = fromEnd ? rest[..at].TrimEnd() : rest[(at + 1)..].TrimStart();
        }

        if (rest.Length > 0)
        {
            parts.Add(rest);
        }

        return InOrder(parts, fromEnd);
    }

    private static int IndexOfBlank(string text, bool fromEnd)
    {
        var at = fromEnd ? text.Length - 1 : 0;
        while (at >= 0 && at < text.Length && !char.IsWhiteSpace(text[at]))
        {
            at += fromEnd ? -1 : 1;
        }

        return at < text.Length ? at : -1;
    }

    private static List<string> InOrder(List<string> parts, bool fromEnd)
    {
        if (fromEnd)
        {
            parts.Reverse();
        }

        return parts;
    }
}
