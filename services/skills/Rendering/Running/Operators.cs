using Mainstay.Skills.Rendering.Formatting;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Running;

/// <summary>Python's operators between two values.</summary>
internal static class Operators
{
    public static object Apply(TemplateRun run, string sign, object left, object right)
    {
        if (sign == "%" && left is string or Markup)
        {
            return left is Markup markup
                ? new Markup(PercentFormat.Apply(run, markup.Text, right, escapes: true))
                : PercentFormat.Apply(run, (string)left, right, escapes: false);
        }

        Refuse(left);
        Refuse(right);
        if (IsNumber(left) && IsNumber(right))
        {
            return Numbers.Apply(sign, left, right);
        }

        return (sign switch
        {
            "+" => Add(run, left, right),
            "*" when IsWhole(right) => Repeat(run, left, right),
            "*" when IsWhole(left) => Repeat(run, right, left),
            _ => null,
        }) ?? throw TemplateException.Runtime($"'{sign}' does not go with {TypeName.Of(left)} and {TypeName.Of(right)}");
    }

    public static object Negate(object value)
    {
        Refuse(value);
        return value switch
        {
            double number => -number,
            bool or long => Numbers.Apply("-", 0L, value),
            _ => throw TemplateException.Runtime($"'-' does not go with {TypeName.Of(value)}"),
        };
    }

    public static object Plus(object value)
    {
        Refuse(value);
        return value switch
        {
            bool flag => flag ? 1L : 0L,
            long or double => value,
            _ => throw TemplateException.Runtime($"'+' does not go with {TypeName.Of(value)}"),
        };
    }

    /// <summary><c>item in container</c>.</summary>
    public static bool Contains(TemplateRun run, object container, object item) => container switch
    {
        string or Markup when item is string or Markup => run.Text.Of(container).Contains(run.Text.Of(item), StringComparison.Ordinal),
        string or Markup => throw (item is Undefined undefined ? undefined.Error() : TemplateException.Runtime($"text cannot contain {TypeName.Of(item)}")),
        TemplateDict dict => dict.Entries.ContainsKey(item),
        _ => Iteration.Of(container).Any(candidate => run.Equality.Equals(candidate, item)),
    };

    private static bool IsNumber(object value) => value is bool or long or double;

    private static bool IsWhole(object value) => value is bool or long;

    private static void Refuse(object value)
    {
        if (value is Undefined undefined)
        {
            throw undefined.Error();
        }
    }

    private static object? Add(TemplateRun run, object left, object right)
    {
        switch (left, right)
        {
            case (string one, string other):
                run.Budget.CountText((long)one.Length + other.Length);
                return one + other;
            case (string or Markup, string or Markup):
                var text = Markup.Escape(left, run.Text).Text + Markup.Escape(right, run.Text).Text;
                run.Budget.CountText(text.Length);
                return new Markup(text);
            case (List<object> one, List<object> other):
                run.Budget.CheckItems((long)one.Count + other.Count);
                return (List<object>)[.. one, .. other];
            case (TemplateTuple one, TemplateTuple other):
                run.Budget.CheckItems((long)one.Items.Count + other.Items.Count);
                return new TemplateTuple([.. one.Items, .. other.Items]);
            default:
                return null;
        }
    }

    private static object? Repeat(TemplateRun run, object value, object times)
    {
        var count = Math.Max(0, Convert.ToInt64(times));
        switch (value)
        {
            case string text:
                return Repeat(run, text, count);
            case Markup markup:
                return new Markup(Repeat(run, markup.Text, count));
            case List<object> items:
                run.Budget.CheckItems(Product(items.Count, count));
                return Enumerable.Range(0, items.Count == 0 ? 0 : (int)count).SelectMany(_ => items).ToList();
            case TemplateTuple tuple:
                run.Budget.CheckItems(Product(tuple.Items.Count, count));
                return new TemplateTuple([.. Enumerable.Range(0, tuple.Items.Count == 0 ? 0 : (int)count).SelectMany(_ => tuple.Items)]);
            default:
                return null;
        }
    }

    private static string Repeat(TemplateRun run, string text, long count)
    {
        run.Budget.CountText(Product(text.Length, count));
        return text.Length == 0 ? "" : string.Concat(Enumerable.Repeat(text, (int)count));
    }

    private static long Product(long length, long count) => length == 0 ? 0 : count > long.MaxValue / length ? long.MaxValue : length * count;
}
