namespace Mainstay.Skills.Rendering.Running;

/// <summary>What a call passes.</summary>
internal sealed record CallArguments(IReadOnlyList<object> Positional, IReadOnlyList<KeyValuePair<string, object>> Named)
{
    public static CallArguments None { get; } = new([], []);

    /// <summary>The arguments by parameter, for a function that takes exactly these.</summary>
    public BoundArguments Bind(params string[] names)
    {
        if (Positional.Count > names.Length)
        {
            throw TemplateException.Runtime($"{Positional.Count} arguments are given where at most {names.Length} are taken");
        }

        var values = new object?[names.Length];
        for (var i = 0; i < Positional.Count; i++)
        {
            values[i] = Positional[i];
        }

        foreach (var (name, value) in Named)
        {
            var index = Array.IndexOf(names, name);
            if (index < 0 || values[index] is not null)
            {
                throw TemplateException.Runtime(index < 0 ? $"there is no parameter '{name}'" : $"'{name}' is given twice");
            }

            values[index] = value;
        }

        return new BoundArguments(names, values);
    }

    /// <summary>The arguments behind the first positional one.</summary>
    public CallArguments Rest() => this with { Positional = [.. Positional.Skip(1)] };
}
