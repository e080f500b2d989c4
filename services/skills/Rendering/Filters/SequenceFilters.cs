using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Filters;

/// <summary>Filters that look at a sequence as a whole.</summary>
internal static class SequenceFilters
{
    public static object Default(TemplateRun run, object value, CallArguments arguments)
    {
        var bound = arguments.Bind("default_value", "boolean");
        return value is Undefined || (bound.Flag(1, false) && !Truth.Of(value)) ? bound[0] ?? "" : value;
    }

    public static object Length(TemplateRun run, object value, CallArguments arguments)
    {
        arguments.Bind();
        if (value is Undefined undefined)
        {
            undefined.Tolerate();
            return 0L;
        }

        return (long)(Iteration.Count(value) ?? (value is LoopContext loop ? (int)(long)loop.Attribute("length")! : throw TemplateException.Runtime($"{TypeName.Of(value)} has no length")));
    }

    public static object ToList(TemplateRun run, object value, CallArguments arguments)
    {
        arguments.Bind();
        return run.Budget.ToList(Iteration.Of(value));
    }

    public static object First(TemplateRun run, object value, CallArguments arguments)
    {
        arguments.Bind();
        return Iteration.Of(value).FirstOrDefault() ?? run.Undefined("first", "there is no first item: the sequence is empty");
    }

    public static object Last(TemplateRun run, object value, CallArguments arguments)
    {
        arguments.Bind();
        return value is Generator
            ? throw TemplateException.Runtime("a generator is read from its beginning only: make it a list first")
            : Iteration.Of(value).LastOrDefault() ?? run.Undefined("last", "there is no last item: the sequence is empty");
    }

    public static object Reverse(TemplateRun run, object value, CallArguments arguments)
    {
        arguments.Bind();
        return value switch
        {
            string text => CodePoints.Reverse(text),
            Markup markup => new Markup(CodePoints.Reverse(markup.Text)),
            _ => new Generator(Enumerable.Reverse(run.Budget.ToList(Iteration.Of(value)))),
        };
    }

    public static object Join(TemplateRun run, object value, CallArguments arguments)
    {
        var bound = arguments.Bind("d", "attribute");
        var separator = run.Text.Of(bound[0] ?? "");
        var path = AttributePath.Of(bound[1]);
        var texts = run.Budget.ToList(Iteration.Of(value)).ConvertAll(item => run.Text.Of(path.Read(run, item)));
        run.Budget.CountText(texts.Sum(text => (long)text.Length + separator.Length));
        return string.Join(separator, texts);
    }

    public static object Items(TemplateRun run, object value, CallArguments arguments)
    {
        arguments.Bind();
        return value switch
        {
            Undefined undefined => new Generator(Iteration.Of(undefined)),
            TemplateDict dict => new Generator(dict.Entries.Select(entry => new TemplateTuple([entry.Key, entry.Value]))),
            _ => throw TemplateException.Runtime($"only a mapping has items, not {TypeName.Of(value)}"),
        };
    }

    public static object Batch(TemplateRun run, object value, CallArguments arguments)
    {
        var bound = arguments.Bind("linecount", "fill_with");
        bound.Required(0);
        return new Generator(Batches(run, Iteration.Of(value), bound.Number(0, 0), bound[1]));
    }

    public static object Slice(TemplateRun run, object value, CallArguments arguments)
    {
        var bound = arguments.Bind("slices", "fill_with");
        bound.Required(0);
        return bound.Number(0, 0) is var count and not 0
            ? new Generator(Slices(run.Budget.ToList(Iteration.Of(value)), count, bound[1]))
            : throw TemplateException.Runtime("there must be at least one slice");
    }

    public static object Attribute(TemplateRun run, object value, CallArguments arguments) =>
        Attributes.GetOwn(run, value, run.Text.Of(arguments.Bind("name").Required(0)));

    private static IEnumerable<object> Batches(TemplateRun run, IEnumerable<object> items, int size, object? filler)
    {
        var batch = new List<object>();
        foreach (var item in items)
        {
            run.Budget.Step();
            if (batch.Count == size)
            {
                yield return batch;
                batch = [];
            }

            batch.Add(item);
        }

        if (batch.Count > 0)
        {
            run.Budget.CheckItems(filler is null or None ? 0 : size);
            yield return Filled(batch, size, filler);
        }
    }

    private static List<object> Filled(List<object> items, int size, object? filler) =>
        filler is null or None || items.Count >= size ? items : [.. items, .. Enumerable.Repeat(filler, size - items.Count)];

    private static IEnumerable<object> Slices(List<object> items, int count, object? filler)
    {
        var (each, longer) = (items.Count / count, items.Count % count);
        var begin = 0;
        for (var i = 0; i < count; i++)
        {
            var size = each + (i < longer ? 1 : 0);
            yield return Filled(items.GetRange(begin, size), i >= longer ? size + 1 : size, filler);
            begin += size;
        }
    }
}
