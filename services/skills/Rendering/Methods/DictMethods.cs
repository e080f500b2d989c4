using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Methods;

/// <summary>The methods of dicts; those that change a dict are refused.</summary>
internal static class DictMethods
{
    private static readonly MethodTable<TemplateDict> Table = new(new(StringComparer.Ordinal)
    {
        ["keys"] = (_, self, arguments) => View(arguments, "keys", self.Entries.Keys),
        ["values"] = (_, self, arguments) => View(arguments, "values", self.Entries.Values),
        ["items"] = (_, self, arguments) => View(arguments, "items", self.Entries.Select(entry => new TemplateTuple([entry.Key, entry.Value]))),
        ["get"] = Get,
        ["copy"] = (run, self, _) => Copy(run, self),
        ["clear"] = Refused,
        ["pop"] = Refused,
        ["popitem"] = Refused,
        ["setdefault"] = Refused,
        ["update"] = Refused,
    });

    public static ICallable? Find(TemplateDict dict, string name) => Table.Bind(dict, name);

    private static DictView View(CallArguments arguments, string kind, IEnumerable<object> items)
    {
        arguments.Bind();
        return new DictView(kind, [.. items]);
    }

    private static object Get(TemplateRun run, TemplateDict self, CallArguments arguments)
    {
        var bound = arguments.Bind("key", "default");
        return self.Entries.TryGetValue(bound.Required(0), out var value) ? value : bound[1] ?? None.Value;
    }

    private static TemplateDict Copy(TemplateRun run, TemplateDict self)
    {
        var copy = run.NewDict();
        foreach (var (key, value) in self.Entries)
        {
            copy.Entries[key] = value;
        }

        return copy;
    }

    private static object Refused(TemplateRun run, TemplateDict self, CallArguments arguments) =>
        throw TemplateException.Security("a template must not change a dict; make a new one, or use namespace()");
}
