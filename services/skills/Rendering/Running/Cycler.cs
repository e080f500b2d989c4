namespace Mainstay.Skills.Rendering.Running;

/// <summary>What <c>cycler()</c> returns: goes through its values again and again.</summary>
internal sealed class Cycler(IReadOnlyList<object> items)
{
    private int position;

    /// <summary>An attribute; null when it has none of that name.</summary>
    public object? Attribute(string name) => name switch
    {
        "current" => items[position],
        "next" => new NativeFunction((_, _) => Next()),
        "reset" => new NativeFunction((_, _) => Reset()),
        _ => null,
    };

    private object Next()
    {
        var item = items[position];
        position = (position + 1) % items.Count;
        return item;
    }

    private object Reset()
    {
        position = 0;
        return Values.None.Value;
    }
}
