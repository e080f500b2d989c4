using Mainstay.Skills.Rendering.Predicates;
using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Filters;

/// <summary>Filters that change or choose the items of a sequence one by one, when they are asked for.</summary>
internal static class SelectionFilters
{
    public static object Map(TemplateRun run, object value, CallArguments arguments) => new Generator(Mapped(run, value, arguments));

    public static object Select(TemplateRun run, object value, CallArguments arguments) =>
        new Generator(Chosen(run, value, arguments, null, chosen: true));

    public static object Reject(TemplateRun run, object value, CallArguments arguments) =>
        new Generator(Chosen(run, value, arguments, null, chosen: false));

    public static object SelectAttribute(TemplateRun run, object value, CallArguments arguments) =>
        new Generator(ChosenByAttribute(run, value, arguments, chosen: true));

    public static object RejectAttribute(TemplateRun run, object value, CallArguments arguments) =>
        new Generator(ChosenByAttribute(run, value, arguments, chosen: false));

    private static IEnumerable<object> Mapped(TemplateRun run, object value, CallArguments arguments)
    {
        if (!Truth.Of(value))
        {
            yield break;
        }

        var change = Change(run, arguments);
        foreach (var item in Iteration.Of(value))
        {
            run.Budget.Step();
            yield return change(item);
        }
    }

    private static Func<object, object> Change(TemplateRun run, CallArguments arguments)
    {
        if (arguments.Positional.Count == 0)
        {
            var bound = arguments.Bind("attribute", "default");
            var path = bound[0] is { } attribute ? AttributePath.Of(attribute, bound[1]) : throw TemplateException.Runtime("map needs the name of a filter, or 'attribute'");
            return item => path.Read(run, item);
        }

        var filter = FilterTable.Find(run.Text.Of(arguments.Positional[0]));
        var rest = arguments.Rest();
        return item => filter(run, item, rest);
    }

    private static IEnumerable<object> ChosenByAttribute(TemplateRun run, object value, CallArguments arguments, bool chosen)
    {
        if (!Truth.Of(value))
        {
            return [];
        }

        return arguments.Positional.Count == 0
            ? throw TemplateException.Runtime("the name of an attribute is missing")
            : Chosen(run, value, arguments.Rest(), AttributePath.Of(arguments.Positional[0]), chosen);
    }

    private static IEnumerable<object> Chosen(TemplateRun run, object value, CallArguments arguments, AttributePath? path, bool chosen)
    {
        if (!Truth.Of(value))
        {
            yield break;
        }

        var predicate = arguments.Positional.Count == 0 ? null : PredicateTable.Find(run.Text.Of(arguments.Positional[0]));
        var rest = arguments.Rest();
        foreach (var item in Iteration.Of(value))
        {
            run.Budget.Step();
            var tested = path?.Read(run, item) ?? item;
            if ((predicate?.Invoke(run, tested, rest) is bool result ? result : Truth.Of(tested)) == chosen)
            {
                yield return item;
            }
        }
    }
}
