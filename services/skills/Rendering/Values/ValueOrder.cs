using System.Runtime.CompilerServices;
using Mainstay.Skills.Rendering.Running;

namespace Mainstay.Skills.Rendering.Values;

/// <summary>Python's <c>&lt;</c>: numbers, texts by code points, lists and tuples item by item; nothing else has an order.</summary>
internal sealed class ValueOrder(Budget budget, ValueEquality equality) : IComparer<object>
{
    public int Compare(object? left, object? right)
    {
        budget.Step();
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw TemplateException.Limit("a value is nested too deeply");
        }

        return (left, right) switch
        {
            (Undefined undefined, _) => throw undefined.Error(),
            (_, Undefined undefined) => throw undefined.Error(),
            (bool or long or double, bool or long or double) => CompareNumbers(left, right),
            (string or Markup, string or Markup) => CodePoints.Compare(TextOf(left), TextOf(right)),
            (List<object> one, List<object> other) => CompareItems(one, other),
            (TemplateTuple one, TemplateTuple other) => CompareItems(one.Items, other.Items),
            _ => throw TemplateException.Runtime($"'{TypeName.Of(left!)}' and '{TypeName.Of(right!)}' have no order"),
        };
    }

    private static string TextOf(object value) => value is Markup markup ? markup.Text : (string)value;

    private static int CompareNumbers(object left, object right)
    {
        if (left is double || right is double)
        {
            var (one, other) = (Convert.ToDouble(left), Convert.ToDouble(right));
            return one < other ? -1 : one > other ? 1 : 0;
        }

        return Convert.ToInt64(left).CompareTo(Convert.ToInt64(right));
    }

    private int CompareItems(IReadOnlyList<object> left, IReadOnlyList<object> right)
    {
        for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            if (!equality.Equals(left[i], right[i]))
            {
                return Compare(left[i], right[i]);
            }
        }

        return left.Count.CompareTo(right.Count);
    }
}
