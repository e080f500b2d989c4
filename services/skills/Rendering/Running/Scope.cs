namespace Mainstay.Skills.Rendering.Running;

/// <summary>The names that a part of a template sees: its own, then those of the parts around it.</summary>
internal sealed class Scope(Scope? outer)
{
    private readonly Dictionary<string, object> values = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, object> Values => values;

    public void Set(string name, object value) => values[name] = value;

    public object? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.values.TryGetValue(name, out var value))
            {
                return value;
            }
        }

        return null;
    }

    private Scope? Outer { get; } = outer;
}
