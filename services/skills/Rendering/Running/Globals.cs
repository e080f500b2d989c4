using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Running;

/// <summary>The functions that every template sees.</summary>
internal static class Globals
{
    private const int LongestRange = 100_000;

    private static readonly Dictionary<string, ICallable> Functions = new(StringComparer.Ordinal)
    {
        ["range"] = new NativeFunction((_, arguments) => Range(arguments)),
        ["dict"] = new NativeFunction(Dict),
        ["namespace"] = new NativeFunction(Namespace),
        ["cycler"] = new NativeFunction((_, arguments) => NewCycler(arguments)),
        ["joiner"] = new NativeFunction((_, arguments) => Joiner(arguments)),
    };

    public static ICallable? Find(string name) => Functions.GetValueOrDefault(name);

    private static object Range(CallArguments arguments)
    {
        var bound = arguments.Bind("start", "stop", "step");
        var bounds = Enumerable.Range(0, 3).Select(i => bound[i]).OfType<object>().Select(Whole).ToArray();
        var range = bounds.Length switch
        {
            1 => new TemplateRange(0, bounds[0], 1),
            2 => new TemplateRange(bounds[0], bounds[1], 1),
            3 when bounds[2] != 0 => new TemplateRange(bounds[0], bounds[1], bounds[2]),
            3 => throw TemplateException.Runtime("the step of a range must not be 0"),
            _ => throw TemplateException.Runtime("a range needs its end"),
        };
        return range.Count <= LongestRange ? range : throw TemplateException.Limit($"a range has more than {LongestRange} items");
    }

    private static long Whole(object value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long number => number,
        Undefined undefined => throw undefined.Error(),
        _ => throw TemplateException.Runtime($"a range needs whole numbers, not {TypeName.Of(value)}"),
    };

    private static TemplateDict Dict(TemplateRun run, CallArguments arguments)
    {
        var dict = run.NewDict();
        if (arguments.Positional.Count > 1)
        {
            throw TemplateException.Runtime("dict takes one mapping or list of pairs");
        }

        foreach (var source in arguments.Positional)
        {
            foreach (var (key, value) in Pairs(run, source))
            {
                dict.Entries[key] = value;
            }
        }

        foreach (var (name, value) in arguments.Named)
        {
            dict.Entries[name] = value;
        }

        return dict;
    }

    private static IEnumerable<(object Key, object Value)> Pairs(TemplateRun run, object source) => source is TemplateDict dict
        ? dict.Entries.Select(entry => (entry.Key, entry.Value))
        : Iteration.Of(source).Select(pair => run.Budget.ToList(Iteration.Of(pair)) is [var key, var value]
            ? (key, value)
            : throw TemplateException.Runtime("dict needs pairs of a key and a value"));

    private static NamespaceValue Namespace(TemplateRun run, CallArguments arguments)
    {
        var names = new NamespaceValue();
        foreach (var (key, value) in Dict(run, arguments).Entries)
        {
            names.Values[run.Text.Of(key)] = value;
        }

        return names;
    }

    private static Cycler NewCycler(CallArguments arguments) => arguments.Positional.Count > 0
        ? new Cycler(arguments.Positional)
        : throw TemplateException.Runtime("there is nothing to cycle through");

    // The text between items: empty the first time.
    private static NativeFunction Joiner(CallArguments arguments)
    {
        var separator = arguments.Bind("sep")[0] ?? ", ";
        var isUsed = false;
        return new NativeFunction((_, _) =>
        {
            var text = isUsed ? separator : "";
            isUsed = true;
            return text;
        });
    }
}
