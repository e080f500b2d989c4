namespace Mainstay.Skills.Rendering.Values;

/// <summary>Python's None; templates know no null, so that every value is an object.</summary>
internal sealed class None
{
    private None()
    {
    }

    public static None Value { get; } = new();
}
