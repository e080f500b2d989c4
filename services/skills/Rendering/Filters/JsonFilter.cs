using System.Globalization;
using System.Text;
using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Filters;

/// <summary>Writes JSON as Python's <c>json.dumps</c> does with sorted keys, safe within HTML.</summary>
internal static class JsonFilter
{
    public static object ToJson(TemplateRun run, object value, CallArguments arguments)
    {
        var indent = arguments.Bind("indent");
        var text = new StringBuilder();
        Write(run, text, value, Indention(run, indent), 0);
        return new Markup(text.ToString());
    }

    private static string? Indention(TemplateRun run, BoundArguments indent)
    {
        if (indent[0] is null or None)
        {
            return null;
        }

        if (indent[0] is string text)
        {
            return text;
        }

        var width = Math.Max(0, indent.Number(0, 0));
        run.Budget.CountText(width);
        return new string(' ', width);
    }

    private static void Write(TemplateRun run, StringBuilder text, object value, string? indention, int depth)
    {
        run.Budget.Step();
        run.Budget.CheckText(text.Length);
        Budget.CheckStack();
        switch (value)
        {
            case None:
                text.Append("null");
                break;
            case bool flag:
                text.Append(flag ? "true" : "false");
                break;
            case long number:
                text.Append(number);
                break;
            case double number:
                text.Append(Number(number));
                break;
            case string or Markup:
                WriteText(text, run.Text.Of(value));
                break;
            case List<object> items:
                WriteAll(run, text, '[', ']', items, indention, depth, item => Write(run, text, item, indention, depth + 1));
                break;
            case TemplateTuple tuple:
                WriteAll(run, text, '[', ']', tuple.Items, indention, depth, item => Write(run, text, item, indention, depth + 1));
                break;
            case TemplateDict dict:
                WriteAll(run, text, '{', '}', [.. dict.Entries.OrderBy(entry => entry.Key, run.Order)], indention, depth, entry => WriteEntry(run, text, entry, indention, depth));
                break;
            default:
                throw TemplateException.Runtime($"{TypeName.Of(value)} cannot be written as JSON");
        }
    }

    private static void WriteAll<T>(TemplateRun run, StringBuilder text, char open, char close, IReadOnlyList<T> items, string? indention, int depth, Action<T> write)
    {
        text.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            text.Append(i == 0 ? "" : indention is null ? ", " : ",");
            NewLine(run, text, indention, depth + 1);
            write(items[i]);
        }

        if (items.Count > 0)
        {
            NewLine(run, text, indention, depth);
        }

        text.Append(close);
    }

    private static void NewLine(TemplateRun run, StringBuilder text, string? indention, int depth)
    {
        if (indention is null)
        {
            return;
        }

        run.Budget.CheckText(text.Length + ((long)indention.Length * depth));
        text.Append('\n').Insert(text.Length, indention, depth);
    }

    private static void WriteEntry(TemplateRun run, StringBuilder text, KeyValuePair<object, object> entry, string? indention, int depth)
    {
        var key = entry.Key switch
        {
            string or Markup => run.Text.Of(entry.Key),
            None => "null",
            bool flag => flag ? "true" : "false",
            long number => number.ToString(CultureInfo.InvariantCulture),
            double number => Number(number),
            _ => throw TemplateException.Runtime($"{TypeName.Of(entry.Key)} cannot be a key in JSON"),
        };
        WriteText(text, key);
        Write(run, text.Append(": "), entry.Value, indention, depth + 1);
    }

    private static string Number(double number) => double.IsFinite(number) ? FloatText.Of(number) : double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";

    private static void WriteText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var character in value)
        {
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '\r' => text.Append(@"\r"),
                '\t' => text.Append(@"\t"),
                '\b' => text.Append(@"\b"),
                '\f' => text.Append(@"\f"),
                < ' ' or > '~' or '<' or '>' or '&' or '\'' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }
}
