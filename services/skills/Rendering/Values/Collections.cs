namespace Mainstay.Skills.Rendering.Values;

/// <summary>Python's tuple.</summary>
internal class TemplateTuple(IReadOnlyList<object> items)
{
    public IReadOnlyList<object> Items { get; } = items;
}

/// <summary>A group that <c>groupby</c> made: a pair whose parts also have names.</summary>
internal sealed class GroupTuple(object grouper, List<object> list) : TemplateTuple([grouper, list])
{
    public object Grouper => Items[0];

    public object List => Items[1];
}

/// <summary>Python's dict: keeps the order in which keys came.</summary>
internal sealed class TemplateDict(IEqualityComparer<object> equality, int capacity = 0)
{
    public OrderedDictionary<object, object> Entries { get; } = new(capacity, equality);
}

/// <summary>Python's range.</summary>
internal sealed record TemplateRange(long Start, long Stop, long Step)
{
    public int Count { get; } = Length(Start, Stop, Step);

    public object At(int index) => Start + (index * Step);

    public IEnumerable<object> Items()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return At(i);
        }
    }

    // Checked: what does not fit is far beyond the limit on ranges.
    private static int Length(long start, long stop, long step)
    {
        var distance = step > 0 ? (Int128)stop - start : (Int128)start - stop;
        var length = distance <= 0 ? 0 : ((distance - 1) / Int128.Abs(step)) + 1;
        return length > int.MaxValue ? int.MaxValue : (int)length;
    }
}

/// <summary>A sequence that is made item by item and read once.</summary>
internal sealed class Generator(IEnumerable<object> items)
{
    private readonly IEnumerator<object> remaining = items.GetEnumerator();

    public IEnumerable<object> Items()
    {
        while (remaining.MoveNext())
        {
            yield return remaining.Current;
        }
    }
}

/// <summary>What <c>keys()</c>, <c>values()</c> and <c>items()</c> of a dict return.</summary>
internal sealed record DictView(string Kind, IReadOnlyList<object> Items);
