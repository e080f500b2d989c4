namespace Mainstay.Skills.Rendering.Running;

/// <summary>The names that a part of a template sees: its own, then those of the parts around it.</summary>
internal sealed class Scope(Scope? outer)
{
    // A loop's body has two names or three, and a scope of its own each time: a search through so few takes less than a table costs to make.
    private const int Few = 8;

    private (string Name, object Value)[] few = [];
    private int count;
    private Dictionary<string, object>? many;

    private Scope? Outer { get; } = outer;

    public void Set(string name, object value)
    {
        if (many is not null)
        {
            many[name] = value;
            return;
        }

        if (Index(name) is var index && index < count)
        {
            few[index].Value = value;
            return;
        }

        if (count == Few)
        {
            many = few.ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
            many[name] = value;
            return;
        }

        if (count == few.Length)
        {
            Array.Resize(ref few, count == 0 ? 2 : count * 2);
        }

        few[count++] = (name, value);
    }

    public object? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.Own(name) is { } value)
            {
                return value;
            }
        }

        return null;
    }

    private object? Own(string name) =>
        many is not null ? many.GetValueOrDefault(name)
        : Index(name) is var index && index < count ? few[index].Value
        : null;

    private int Index(string name)
    {
        var index = 0;
        while (index < count && !string.Equals(few[index].Name, name, StringComparison.Ordinal))
        {
            index++;
        }

        return index;
    }
}
