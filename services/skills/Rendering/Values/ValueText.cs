using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Mainstay.Skills.Rendering.Running;

namespace Mainstay.Skills.Rendering.Values;

/// <summary>Writes values as Python's <c>str</c> and <c>repr</c> do.</summary>
internal sealed class ValueText(Budget budget)
{
    /// <summary>The value's text, as an output tag shows it.</summary>
    public string Of(object value)
    {
        switch (value)
        {
            case string text:
                return text;
            case Markup markup:
                return markup.Text;
            case long number:
                return number.ToString(CultureInfo.InvariantCulture);
            case double number:
                budget.Step();
                return FloatText.Of(number);
            case Undefined undefined:
                undefined.Tolerate();
                return "";
            default:
                return Representation(value);
        }
    }

    /// <summary>The value as a template would write it.</summary>
    public string Representation(object value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private void Append(StringBuilder text, object value)
    {
        budget.Step();
        budget.CheckText(text.Length);
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw TemplateException.Limit("a value is nested too deeply");
        }

        switch (value)
        {
            case None:
                text.Append("None");
                break;
            case bool flag:
                text.Append(flag ? "True" : "False");
                break;
            case long number:
                text.Append(number);
                break;
            case double number:
                text.Append(FloatText.Of(number));
                break;
            case string characters:
                AppendQuoted(text, characters);
                break;
            case Markup markup:
                AppendQuoted(text.Append("Markup("), markup.Text);
                text.Append(')');
                break;
            case Undefined:
                text.Append("Undefined");
                break;
            case List<object> items:
                AppendItems(text.Append('['), items);
                text.Append(']');
                break;
            case TemplateTuple tuple:
                AppendItems(text.Append('('), tuple.Items);
                text.Append(tuple.Items.Count == 1 ? ",)" : ")");
                break;
            case TemplateDict dict:
                AppendEntries(text, dict);
                break;
            case TemplateRange range:
                text.Append(CultureInfo.InvariantCulture, $"range({range.Start}, {range.Stop}{(range.Step == 1 ? "" : $", {range.Step}")})");
                break;
            case DictView view:
                AppendItems(text.Append(CultureInfo.InvariantCulture, $"dict_{view.Kind}(["), view.Items);
                text.Append("])");
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"<{TypeName.Of(value)}>");
                break;
        }
    }

    private void AppendItems(StringBuilder text, IReadOnlyList<object> items)
    {
        for (var i = 0; i < items.Count; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            Append(text, items[i]);
        }
    }

    private void AppendEntries(StringBuilder text, TemplateDict dict)
    {
        text.Append('{');
        var separator = "";
        foreach (var (key, value) in dict.Entries)
        {
            Append(text.Append(separator), key);
            Append(text.Append(": "), value);
            separator = ", ";
        }

        text.Append('}');
    }

    private static void AppendQuoted(StringBuilder text, string value)
    {
        var quote = value.Contains('\'', StringComparison.Ordinal) && !value.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        for (var i = 0; i < value.Length; i++)
        {
            if (!Rune.TryGetRuneAt(value, i, out var rune))
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)value[i]:x4}");
                continue;
            }

            AppendRune(text, rune, quote);
            i += rune.Utf16SequenceLength - 1;
        }

        text.Append(quote);
    }

    private static void AppendRune(StringBuilder text, Rune rune, char quote) => _ = rune.Value switch
    {
        '\\' => text.Append(@"\\"),
        '\n' => text.Append(@"\n"),
        '\r' => text.Append(@"\r"),
        '\t' => text.Append(@"\t"),
        var code when code == quote => text.Append('\\').Append(quote),
        _ when CodePoints.IsPrintable(rune) => text.Append(rune.ToString()),
        <= 0xFF => text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
        <= 0xFFFF => text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
        _ => text.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
    };
}
