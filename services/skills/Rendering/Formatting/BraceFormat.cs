using System.Globalization;
using System.Text;
using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Formatting;

/// <summary>Python's <c>text.format(values)</c>; attributes are read as a template would read them.</summary>
internal sealed class BraceFormat(TemplateRun run, CallArguments arguments, TemplateDict? mapping)
{
    private int next;

    public string Apply(string text) => Apply(text, depth: 0);

    private string Apply(string text, int depth)
    {
        if (depth > 2)
        {
            throw TemplateException.Runtime("placeholders are nested too deeply");
        }

        var result = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is '{' or '}' && at + 1 < text.Length && text[at + 1] == text[at])
            {
                result.Append(text[at++]);
            }
            else if (text[at] == '{')
            {
                var end = End(text, at);
                result.Append(Fill(text[(at + 1)..end], depth));
                at = end;
            }
            else
            {
                result.Append(text[at] != '}' ? text[at] : throw TemplateException.Runtime("a '}' closes no placeholder; a brace is written twice"));
            }

            run.Budget.CheckText(result.Length);
        }

        run.Budget.CountText(result.Length);
        return result.ToString();
    }

    private static int End(string text, int begin)
    {
        var open = 0;
        for (var at = begin; at < text.Length; at++)
        {
            open += text[at] == '{' ? 1 : text[at] == '}' ? -1 : 0;
            if (open == 0)
            {
                return at;
            }
        }

        throw TemplateException.Runtime("a '{' is not closed; a brace is written twice");
    }

    private string Fill(string placeholder, int depth)
    {
        var colon = placeholder.IndexOf(':', StringComparison.Ordinal);
        var field = colon < 0 ? placeholder : placeholder[..colon];
        var spec = colon < 0 ? "" : placeholder[(colon + 1)..];
        var bang = field.IndexOf('!', StringComparison.Ordinal);
        var conversion = bang < 0 ? "" : field[(bang + 1)..];
        var value = Find(bang < 0 ? field : field[..bang]);
        if (conversion is "r" or "a")
        {
            value = run.Text.Representation(value);
        }
        else if (conversion == "s")
        {
            value = run.Text.Of(value);
        }
        else if (conversion.Length > 0)
        {
            throw TemplateException.Runtime($"'!{conversion}' is no conversion");
        }

        var format = FormatSpec.Parse(spec.Contains('{', StringComparison.Ordinal) ? Apply(spec, depth + 1) : spec);
        return spec.Length == 0 ? run.Text.Of(value) : format.Apply(value, run.Text.Of(value));
    }

    private object Find(string field)
    {
        var length = field.AsSpan().IndexOfAny(".[");
        var name = length < 0 ? field : field[..length];
        var value = First(name);
        for (var at = length < 0 ? field.Length : length; at < field.Length;)
        {
            if (field[at] == '.')
            {
                var end = field.AsSpan(at + 1).IndexOfAny(".[") is var found and >= 0 ? at + 1 + found : field.Length;
                value = Attributes.GetOwn(run, value, field[(at + 1)..end]);
                at = end;
            }
            else
            {
                var end = field.IndexOf(']', at) is var found and >= 0 ? found : throw TemplateException.Runtime("a '[' is not closed");
                value = Attributes.GetItem(run, value, Key(field[(at + 1)..end]), field);
                at = end + 1;
            }
        }

        return value;
    }

    private object First(string name)
    {
        if (name.Length == 0 || name.All(char.IsAsciiDigit))
        {
            var index = name.Length == 0 ? next++ : int.TryParse(name, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
            return index < arguments.Positional.Count ? arguments.Positional[index] : throw TemplateException.Runtime("there are fewer values than placeholders");
        }

        if (mapping is not null)
        {
            return mapping.Entries.TryGetValue(name, out var found) ? found : throw TemplateException.Runtime($"the mapping has no '{name}'");
        }

        var named = arguments.Named.FirstOrDefault(argument => argument.Key == name);
        return named.Value ?? throw TemplateException.Runtime($"there is no value '{name}'");
    }

    private static object Key(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : text;
}
