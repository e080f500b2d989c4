using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Running;

/// <summary>Reads <c>value[start:stop:step]</c>.</summary>
internal static class Slicing
{
    /// <summary>The slice; null for a value that has none.</summary>
    public static object? Of(TemplateRun run, object value, object start, object stop, object step)
    {
        if (Iteration.Count(value) is not { } count || value is TemplateDict or DictView
            || !Bound(start, out var first) || !Bound(stop, out var last) || !Bound(step, out var stride))
        {
            return null;
        }

        if (stride == 0)
        {
            throw TemplateException.Runtime("the step of a slice must not be 0");
        }

        var indexes = Indexes(count, first, last, stride ?? 1);
        run.Budget.CheckItems(indexes.Count);
        return value switch
        {
            string text => Text(text, indexes),
            Markup markup => new Markup(Text(markup.Text, indexes)),
            List<object> items => indexes.Items().Select(index => items[(int)(long)index]).ToList(),
            TemplateTuple tuple => new TemplateTuple([.. indexes.Items().Select(index => tuple.Items[(int)(long)index])]),
            TemplateRange range => new TemplateRange(range.Start + (indexes.Start * range.Step), range.Start + (indexes.Stop * range.Step), range.Step * indexes.Step),
            _ => null,
        };
    }

    private static bool Bound(object value, out long? bound)
    {
        bound = value switch
        {
            long number => number,
            bool flag => flag ? 1 : 0,
            _ => null,
        };
        return value is None || bound is not null;
    }

    private static TemplateRange Indexes(int count, long? start, long? stop, long step)
    {
        var (lowest, highest) = step > 0 ? (0L, (long)count) : (-1L, count - 1L);
        long Clamp(long bound) => Math.Clamp(bound < 0 ? bound + count : bound, lowest, highest);
        return new TemplateRange(
            start is { } first ? Clamp(first) : step > 0 ? lowest : highest,
            stop is { } last ? Clamp(last) : step > 0 ? highest : lowest,
            step);
    }

    private static string Text(string text, TemplateRange indexes)
    {
        var characters = CodePoints.Split(text).ToList();
        return string.Concat(indexes.Items().Select(index => characters[(int)(long)index]));
    }
}
