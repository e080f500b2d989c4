using System.Runtime.CompilerServices;
using Mainstay.Skills.Rendering.Running;

namespace Mainstay.Skills.Rendering.Values;

/// <summary>Python's <c>==</c> and <c>hash</c>: numbers by value whatever their type, lists, tuples and dicts by content.</summary>
internal sealed class ValueEquality(Budget budget) : IEqualityComparer<object>
{
    public new bool Equals(object? left, object? right)
    {
        budget.Step();
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw TemplateException.Limit("a value is nested too deeply");
        }

        // Nearly all that is compared are the names of a dict's entries.
        if (left is string text && right is string other)
        {
            return string.Equals(text, other, StringComparison.Ordinal);
        }

        (left as Undefined)?.Tolerate();
        (right as Undefined)?.Tolerate();
        return ReferenceEquals(left, right) || (Number(left) is { } number ? Number(right) is { } same && number.Equals(same) : SameContent(left!, right!));
    }

    /// <summary>The hash; a list or dict has none.</summary>
    public int GetHashCode(object value)
    {
        budget.Step();
        switch (value)
        {
            case string text:
                return text.GetHashCode(StringComparison.Ordinal);
            case List<object> or TemplateDict:
                throw TemplateException.Runtime($"unhashable type: '{TypeName.Of(value)}'");
            case Undefined undefined:
                undefined.Tolerate();
                return typeof(Undefined).GetHashCode();
            case TemplateTuple tuple:
                return tuple.Items.Aggregate(tuple.Items.Count, (hash, item) => HashCode.Combine(hash, GetHashCode(item)));
            case Markup markup:
                return markup.Text.GetHashCode(StringComparison.Ordinal);
            default:
                return Number(value)?.GetHashCode() ?? value.GetHashCode();
        }
    }

    // One form for each number: true, 1 and 1.0 are the same.
    private static object? Number(object? value) => value switch
    {
        bool flag => flag ? 1L : 0L,
        long => value,
        double number when double.IsInteger(number) && Math.Abs(number) < 9.2e18 => (long)number,
        double => value,
        _ => null,
    };

    private bool SameContent(object left, object right) => (left, right) switch
    {
        (string or Markup, string or Markup) => string.Equals(TextOf(left), TextOf(right), StringComparison.Ordinal),
        (List<object> one, List<object> other) => SameItems(one, other),
        (TemplateTuple one, TemplateTuple other) => SameItems(one.Items, other.Items),
        (TemplateDict one, TemplateDict other) => SameEntries(one, other),
        (TemplateRange one, TemplateRange other) => one.Count == other.Count && one.Items().SequenceEqual(other.Items()),
        (Undefined, Undefined) => true,
        _ => false,
    };

    private static string TextOf(object value) => value is Markup markup ? markup.Text : (string)value;

    private bool SameItems(IReadOnlyList<object> left, IReadOnlyList<object> right) =>
        left.Count == right.Count && left.Zip(right).All(pair => Equals(pair.First, pair.Second));

    private bool SameEntries(TemplateDict left, TemplateDict right) =>
        left.Entries.Count == right.Entries.Count
        && left.Entries.All(entry => right.Entries.TryGetValue(entry.Key, out var other) && Equals(entry.Value, other));
}
