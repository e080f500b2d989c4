using Mainstay.Skills.Rendering.Methods;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Running;

/// <summary>Reads <c>value.name</c> and <c>value[key]</c>: from a closed list of attributes and from the value's items, never by reflection.</summary>
internal static class Attributes
{
    /// <summary><c>value.name</c>: an attribute, else an item.</summary>
    public static object Get(TemplateRun run, object value, string name, string path)
    {
        if (value is Undefined undefined)
        {
            throw undefined.Error();
        }

        return Own(run, value, name, path) ?? Item(run, value, name) ?? Missing(run, value, name, path);
    }

    /// <summary><c>value[key]</c>: an item, else, for a text, an attribute.</summary>
    public static object GetItem(TemplateRun run, object value, object key, string path)
    {
        if (value is Undefined undefined)
        {
            throw undefined.Error();
        }

        return Item(run, value, key)
            ?? (key is string or Markup ? Own(run, value, run.Text.Of(key), path) : null)
            ?? Missing(run, value, key is Undefined ? "undefined" : run.Text.Of(key), path);
    }

    /// <summary>An attribute alone, as the filter <c>attr</c> reads it.</summary>
    public static object GetOwn(TemplateRun run, object value, string name)
    {
        if (value is Undefined undefined)
        {
            throw undefined.Error();
        }

        return Own(run, value, name, name) ?? Missing(run, value, name, name);
    }

    private static object? Own(TemplateRun run, object value, string name, string path)
    {
        // Python's own attributes lead out of the sandbox; here they do not exist, and are refused all the same.
        if (name.StartsWith("__", StringComparison.Ordinal) && name.EndsWith("__", StringComparison.Ordinal))
        {
            return new Undefined(path, $"'{path}' is refused: the attribute '{name}' is not safe", run.Options.StrictUndefined, IsUnsafe: true);
        }

        return value switch
        {
            string or Markup => TextMethods.Find(value, name),
            TemplateDict dict => DictMethods.Find(dict, name),
            GroupTuple group when name is "grouper" => group.Grouper,
            GroupTuple group when name is "list" => group.List,
            List<object> or TemplateTuple => SequenceMethods.Find(value, name),
            NamespaceValue names => names.Values.GetValueOrDefault(name),
            LoopContext loop => loop.Attribute(name),
            Cycler cycler => cycler.Attribute(name),
            Macro macro => MacroAttribute(macro, name),
            _ => null,
        };
    }

    private static object? MacroAttribute(Macro macro, string name) => name switch
    {
        "name" => macro.Name,
        "arguments" => new TemplateTuple([.. macro.Signature.Parameters.Select(parameter => parameter.Name)]),
        "catch_kwargs" => macro.Signature.UsesKeywords,
        "catch_varargs" => macro.Signature.UsesVarargs,
        "caller" => macro.Signature.UsesCaller,
        _ => null,
    };

    private static object? Item(TemplateRun run, object value, object key)
    {
        if (value is TemplateDict dict)
        {
            return key is not (List<object> or TemplateDict) && dict.Entries.TryGetValue(key, out var found) ? found : null;
        }

        var index = key switch
        {
            long number => (long?)number,
            bool flag => flag ? 1 : 0,
            _ => null,
        };
        return value switch
        {
            _ when index is null => null,
            List<object> items => At(items.Count, index.Value) is { } at ? items[at] : null,
            TemplateTuple tuple => At(tuple.Items.Count, index.Value) is { } at ? tuple.Items[at] : null,
            TemplateRange range => At(range.Count, index.Value) is { } at ? range.At(at) : null,
            string text => Character(run, text, index.Value),
            Markup markup => Character(run, markup.Text, index.Value) is { } character ? new Markup(character) : null,
            _ => null,
        };
    }

    private static string? Character(TemplateRun run, string text, long index)
    {
        run.Budget.CountText(text.Length);
        if (At(CodePoints.Count(text), index) is not { } at)
        {
            return null;
        }

        var begin = CodePoints.Index(text, at);
        return text[begin..(begin + CodePoints.Index(text[begin..Math.Min(begin + 2, text.Length)], 1))];
    }

    private static int? At(int count, long index) =>
        index >= 0 && index < count ? (int)index : index < 0 && index >= -count ? (int)(count + index) : null;

    private static Undefined Missing(TemplateRun run, object value, string name, string path) =>
        run.Undefined(path, $"'{path}' is undefined: the {TypeName.Of(value)} has no '{name}'");
}
