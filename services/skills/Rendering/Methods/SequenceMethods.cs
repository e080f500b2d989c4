using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Methods;

/// <summary>The methods of lists and tuples; those that change a list are refused.</summary>
internal static class SequenceMethods
{
    private static readonly string[] Changing = ["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"];

    private static readonly MethodTable<IReadOnlyList<object>> Table = new(new(StringComparer.Ordinal)
    {
        ["count"] = (run, self, arguments) => arguments.Bind("value").Required(0) is var sought ? (long)self.Count(item => run.Equality.Equals(item, sought)) : 0L,
        ["index"] = Index,
    });

    public static ICallable? Find(object value, string name) => value switch
    {
        TemplateTuple tuple => Table.Bind(tuple.Items, name),
        List<object> items when name == "copy" => new NativeFunction((_, _) => items.ToList()),
        List<object> when Changing.Contains(name, StringComparer.Ordinal) => new NativeFunction(Refused),
        List<object> items => Table.Bind(items, name),
        _ => null,
    };

    private static object Index(TemplateRun run, IReadOnlyList<object> self, CallArguments arguments)
    {
        var sought = arguments.Bind("value").Required(0);
        for (var i = 0; i < self.Count; i++)
        {
            if (run.Equality.Equals(self[i], sought))
            {
                return (long)i;
            }
        }

        throw TemplateException.Runtime("the value is not in the list");
    }

    private static object Refused(TemplateRun run, CallArguments arguments) =>
        throw TemplateException.Security("a template must not change a list; make a new one with '+', or use namespace()");
}
