using System.Collections.Frozen;
using Mainstay.Skills.Rendering.Filters;
using Mainstay.Skills.Rendering.Nodes;
using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Predicates;

/// <summary>What a test, as Jinja2 calls <c>value is name</c>, says about a value.</summary>
internal delegate object Predicate(TemplateRun run, object value, CallArguments arguments);

/// <summary>Every test by its name.</summary>
internal static class PredicateTable
{
    private static readonly FrozenDictionary<string, Predicate> Predicates = new Dictionary<string, Predicate>(StringComparer.Ordinal)
    {
        ["boolean"] = Plain(value => value is bool),
        ["callable"] = Plain(value => value is ICallable),
        ["defined"] = Plain(value => value is not Undefined),
        ["divisibleby"] = Divisible,
        ["escaped"] = Plain(value => value is Markup),
        ["even"] = (run, value, arguments) => Remainder(run, value, arguments, 0L),
        ["false"] = Plain(value => value is false),
        ["filter"] = (run, value, arguments) => NoArguments(arguments) && FilterTable.Has(run.Text.Of(value)),
        ["float"] = Plain(value => value is double),
        ["integer"] = Plain(value => value is long),
        ["iterable"] = Plain(IsIterable),
        ["lower"] = (run, value, arguments) => NoArguments(arguments) && Methods.LetterCase.IsLower(run.Text.Of(value)),
        ["mapping"] = Plain(value => value is TemplateDict),
        ["none"] = Plain(value => value is None),
        ["number"] = Plain(value => value is bool or long or double),
        ["odd"] = (run, value, arguments) => Remainder(run, value, arguments, 1L),
        ["sameas"] = Same,
        ["sequence"] = Plain(value => value is string or Markup or List<object> or TemplateTuple or TemplateDict or TemplateRange or Undefined { IsStrict: false }),
        ["string"] = Plain(value => value is string or Markup),
        ["test"] = (run, value, arguments) => NoArguments(arguments) && Has(run.Text.Of(value)),
        ["true"] = Plain(value => value is true),
        ["undefined"] = Plain(value => value is Undefined),
        ["upper"] = (run, value, arguments) => NoArguments(arguments) && Methods.LetterCase.IsUpper(run.Text.Of(value)),
        ["in"] = Compared("in"),
        ["=="] = Compared("=="),
        ["eq"] = Compared("=="),
        ["equalto"] = Compared("=="),
        ["!="] = Compared("!="),
        ["ne"] = Compared("!="),
        [">"] = Compared(">"),
        ["gt"] = Compared(">"),
        ["greaterthan"] = Compared(">"),
        [">="] = Compared(">="),
        ["ge"] = Compared(">="),
        ["<"] = Compared("<"),
        ["lt"] = Compared("<"),
        ["lessthan"] = Compared("<"),
        ["<="] = Compared("<="),
        ["le"] = Compared("<="),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool Has(string name) => Predicates.ContainsKey(name);

    public static Predicate Find(string name) => Predicates.TryGetValue(name, out var predicate) ? predicate : throw Unknown(name);

    public static TemplateException Unknown(string name) => new(TemplateErrorKind.UnknownFilterOrTest, $"there is no test '{name}'");

    private static Predicate Plain(Func<object, bool> test) => (_, value, arguments) => NoArguments(arguments) && test(value);

    private static Predicate Compared(string sign) => (run, value, arguments) => Comparison.Holds(run, sign, value, arguments.Bind("other").Required(0));

    private static object Divisible(TemplateRun run, object value, CallArguments arguments) =>
        run.Equality.Equals(Operators.Apply(run, "%", value, arguments.Bind("num").Required(0)), 0L);

    private static object Remainder(TemplateRun run, object value, CallArguments arguments, long rest) =>
        NoArguments(arguments) && run.Equality.Equals(Operators.Apply(run, "%", value, 2L), rest);

    // Small numbers and texts are one object in Python; here equal ones count as the same.
    private static object Same(TemplateRun run, object value, CallArguments arguments)
    {
        var other = arguments.Bind("other").Required(0);
        return ReferenceEquals(value, other) || (value.GetType() == other.GetType() && value is bool or long or string or Undefined && run.Equality.Equals(value, other));
    }

    private static bool IsIterable(object value)
    {
        (value as Undefined)?.Tolerate();
        return value is Undefined or Generator || Iteration.Count(value) is not null;
    }

    private static bool NoArguments(CallArguments arguments)
    {
        arguments.Bind();
        return true;
    }
}
