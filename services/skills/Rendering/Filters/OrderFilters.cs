using Mainstay.Skills.Rendering.Methods;
using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Filters;

/// <summary>Filters that compare the items of a sequence with one another.</summary>
internal static class OrderFilters
{
    public static object Sort(TemplateRun run, object value, CallArguments arguments)
    {
        var bound = arguments.Bind("reverse", "case_sensitive", "attribute");
        var paths = AttributePath.Several(bound[2], !bound.Flag(1, false));
        return Sorted(run, run.Budget.ToList(Iteration.Of(value)), item => paths.Select(path => path.Read(run, item)).ToList(), bound.Flag(0, false));
    }

    public static object DictSort(TemplateRun run, object value, CallArguments arguments)
    {
        var bound = arguments.Bind("case_sensitive", "by", "reverse");
        var dict = value as TemplateDict ?? throw (value is Undefined undefined ? undefined.Error() : TemplateException.Runtime($"dictsort needs a mapping, not {TypeName.Of(value)}"));
        var part = (bound.Text(1) ?? "key") switch
        {
            "key" => 0,
            "value" => 1,
            var other => throw TemplateException.Runtime($"dictsort sorts by 'key' or 'value', not '{other}'"),
        };
        var ignoresCase = !bound.Flag(0, false);
        var pairs = dict.Entries.Select(entry => (object)new TemplateTuple([entry.Key, entry.Value])).ToList();
        return Sorted(run, pairs, pair => Folded(((TemplateTuple)pair).Items[part], ignoresCase), bound.Flag(2, false));
    }

    public static object Unique(TemplateRun run, object value, CallArguments arguments)
    {
        var bound = arguments.Bind("case_sensitive", "attribute");
        return new Generator(Distinct(run, Iteration.Of(value), AttributePath.Of(bound[1], ignoresCase: !bound.Flag(0, false))));
    }

    public static object Min(TemplateRun run, object value, CallArguments arguments) => Extreme(run, value, arguments, -1);

    public static object Max(TemplateRun run, object value, CallArguments arguments) => Extreme(run, value, arguments, 1);

    public static object GroupBy(TemplateRun run, object value, CallArguments arguments)
    {
        var bound = arguments.Bind("attribute", "default", "case_sensitive");
        var ignoresCase = !bound.Flag(2, false);
        var key = AttributePath.Of(bound.Required(0), bound[1] is None ? null : bound[1], ignoresCase);
        var shown = AttributePath.Of(bound.Required(0), bound[1] is None ? null : bound[1]);
        var groups = new List<object>();
        var members = new List<object>();
        object? current = null;
        foreach (var item in Sorted(run, run.Budget.ToList(Iteration.Of(value)), item => key.Read(run, item), isReversed: false))
        {
            var itemKey = key.Read(run, item);
            if (current is null || !run.Equality.Equals(current, itemKey))
            {
                members = [];
                groups.Add(new GroupTuple(shown.Read(run, item), members));
                current = itemKey;
            }

            members.Add(item);
        }

        return groups;
    }

    private static object Extreme(TemplateRun run, object value, CallArguments arguments, int sign)
    {
        var bound = arguments.Bind("case_sensitive", "attribute");
        var path = AttributePath.Of(bound[1], ignoresCase: !bound.Flag(0, false));
        object? best = null;
        object? bestKey = null;
        foreach (var item in Iteration.Of(value))
        {
            var key = path.Read(run, item);
            if (bestKey is null || run.Order.Compare(key, bestKey) * sign > 0)
            {
                (best, bestKey) = (item, key);
            }
        }

        return best ?? run.Undefined("", "there is no such item: the sequence is empty");
    }

    private static IEnumerable<object> Distinct(TemplateRun run, IEnumerable<object> items, AttributePath path)
    {
        var seen = new HashSet<object>(run.Equality);
        foreach (var item in items)
        {
            if (seen.Add(path.Read(run, item)))
            {
                yield return item;
            }
        }
    }

    // Stable also when reversed, as Python's sort is; each key is read once.
    private static List<object> Sorted(TemplateRun run, List<object> items, Func<object, object> key, bool isReversed)
    {
        var keyed = items.ConvertAll(item => (Key: key(item), Item: item));
        var sorted = isReversed ? keyed.OrderByDescending(pair => pair.Key, run.Order) : keyed.OrderBy(pair => pair.Key, run.Order);
        try
        {
            return [.. sorted.Select(pair => pair.Item)];
        }
        catch (InvalidOperationException exception) when (exception.InnerException is TemplateException cause)
        {
            // .NET wraps what a comparison throws.
            throw new TemplateException(cause.Kind, cause.Message, cause.Position, cause.Variable);
        }
    }

    private static object Folded(object value, bool ignoresCase) => ignoresCase && value is string text ? LetterCase.Lower(text) : value;
}
