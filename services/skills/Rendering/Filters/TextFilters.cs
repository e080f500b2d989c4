using System.Text.RegularExpressions;
using Mainstay.Skills.Rendering.Formatting;
using Mainstay.Skills.Rendering.Methods;
using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Filters;

/// <summary>Filters from text to text.</summary>
internal static partial class TextFilters
{
    public static object Upper(TemplateRun run, object value, CallArguments arguments) => Keep(run, value, LetterCase.Upper, arguments);

    public static object Lower(TemplateRun run, object value, CallArguments arguments) => Keep(run, value, LetterCase.Lower, arguments);

    public static object Capitalize(TemplateRun run, object value, CallArguments arguments) => Keep(run, value, LetterCase.Capitalize, arguments);

    public static object ToText(TemplateRun run, object value, CallArguments arguments)
    {
        arguments.Bind();
        return value is Markup ? value : run.Text.Of(value);
    }

    public static object Trim(TemplateRun run, object value, CallArguments arguments)
    {
        var characters = arguments.Bind("chars").Text(0);
        return Keep(run, value, text => TextMethods.Strip(text, characters, true, true), CallArguments.None);
    }

    public static object Center(TemplateRun run, object value, CallArguments arguments)
    {
        var width = arguments.Bind("width").Number(0, 80);
        run.Budget.CountText(width);
        return Keep(run, value, text => Padding.Center(text, width, " "), CallArguments.None);
    }

    public static object Title(TemplateRun run, object value, CallArguments arguments)
    {
        arguments.Bind();
        return string.Concat(WordBeginnings().Split(run.Text.Of(value)).Where(word => word.Length > 0).Select(LetterCase.UpperFirst));
    }

    public static object Replace(TemplateRun run, object value, CallArguments arguments)
    {
        var bound = arguments.Bind("old", "new", "count");
        var text = run.Text.Of(value);
        var (old, @new) = (run.Text.Of(bound.Required(0)), run.Text.Of(bound.Required(1)));
        return TextMethods.Replace(run, text, old, @new, bound.Number(2, -1));
    }

    public static object WordCount(TemplateRun run, object value, CallArguments arguments)
    {
        arguments.Bind();
        return (long)Words().Count(run.Text.Of(value));
    }

    public static object Format(TemplateRun run, object value, CallArguments arguments)
    {
        if (arguments.Positional.Count > 0 && arguments.Named.Count > 0)
        {
            throw TemplateException.Runtime("format takes either positional or named arguments");
        }

        object passed = new TemplateTuple(arguments.Positional);
        if (arguments.Named.Count > 0)
        {
            var names = run.NewDict();
            foreach (var (name, argument) in arguments.Named)
            {
                names.Entries[name] = argument;
            }

            passed = names;
        }

        return value is Markup markup
            ? new Markup(PercentFormat.Apply(run, markup.Text, passed, escapes: true))
            : PercentFormat.Apply(run, run.Text.Of(value), passed, escapes: false);
    }

    // Markup stays markup.
    private static object Keep(TemplateRun run, object value, Func<string, string> change, CallArguments arguments)
    {
        arguments.Bind();
        var text = run.Text.Of(value);
        run.Budget.CountText(text.Length);
        return value is Markup ? new Markup(change(text)) : change(text);
    }

    [GeneratedRegex(@"([-\s({\[<]+)")]
    private static partial Regex WordBeginnings();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}
