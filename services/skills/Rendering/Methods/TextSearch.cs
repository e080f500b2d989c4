using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Methods;

/// <summary>The methods that look for text within text; places count in code points.</summary>
internal static class TextSearch
{
    public static object Count(TemplateRun run, string self, CallArguments arguments)
    {
        var bound = arguments.Bind("sub", "start", "end");
        var sought = bound.Text(0) ?? throw TemplateException.Runtime("an argument is missing");
        var (text, _) = Part(self, bound);
        if (sought.Length == 0)
        {
            return CodePoints.Count(text) + 1L;
        }

        var count = 0L;
        for (var at = text.IndexOf(sought, StringComparison.Ordinal); at >= 0; at = text.IndexOf(sought, at + sought.Length, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }

    /// <summary>Where the text stands; null when it stands nowhere.</summary>
    public static object? Find(string self, CallArguments arguments, bool fromEnd)
    {
        var bound = arguments.Bind("sub", "start", "end");
        var sought = bound.Text(0) ?? throw TemplateException.Runtime("an argument is missing");
        var (text, begin) = Part(self, bound);
        var at = fromEnd ? text.LastIndexOf(sought, StringComparison.Ordinal) : text.IndexOf(sought, StringComparison.Ordinal);
        return at < 0 ? null : begin + CodePoints.Count(text[..at]) + 0L;
    }

    /// <summary>Whether the text begins or ends with the argument, or one of several in a tuple.</summary>
    public static object Affix(string self, CallArguments arguments, bool atEnd)
    {
        var bound = arguments.Bind("affix", "start", "end");
        var (text, _) = Part(self, bound);
        var affixes = bound.Required(0) is TemplateTuple tuple ? tuple.Items : [bound.Required(0)];
        return affixes.Any(affix => affix switch
        {
            string part => atEnd ? text.EndsWith(part, StringComparison.Ordinal) : text.StartsWith(part, StringComparison.Ordinal),
            Markup part => atEnd ? text.EndsWith(part.Text, StringComparison.Ordinal) : text.StartsWith(part.Text, StringComparison.Ordinal),
            Undefined undefined => throw undefined.Error(),
            _ => throw TemplateException.Runtime($"text is sought, not {TypeName.Of(affix)}"),
        });
    }

    private static (string Text, int Begin) Part(string text, BoundArguments bound)
    {
        var count = CodePoints.Count(text);
        int Clamp(int place) => Math.Clamp(place < 0 ? place + count : place, 0, count);
        var (begin, end) = (Clamp(bound.Number(1, 0)), Clamp(bound.Number(2, count)));
        return begin >= end ? ("", begin) : (text[CodePoints.Index(text, begin)..CodePoints.Index(text, end)], begin);
    }
}
