using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Running;

/// <summary>What <c>loop</c> is within a loop; looks ahead no further than it is asked to.</summary>
internal sealed class LoopContext(TemplateRun run, object sequence, IEnumerable<object> items, Func<object, int, string>? recurse, int depth) : ICallable
{
    private IEnumerator<object> remaining = items.GetEnumerator();
    private int? length = Iteration.Count(sequence);
    private object? next;
    private object? current;
    private object? previous;
    private TemplateTuple? lastChanged;

    private int Index0 { get; set; } = -1;

    /// <summary>Goes on to the next item; false at the end.</summary>
    public bool MoveNext(out object item)
    {
        var found = next ?? (remaining.MoveNext() ? remaining.Current : null);
        next = null;
        item = found ?? None.Value;
        if (found is null)
        {
            return false;
        }

        Index0++;
        (previous, current) = (current, found);
        return true;
    }

    /// <summary>An attribute of <c>loop</c>; null when it has none of that name.</summary>
    public object? Attribute(string name) => name switch
    {
        "index0" => (long)Index0,
        "index" => Index0 + 1L,
        "revindex0" => Length - Index0 - 1L,
        "revindex" => (long)(Length - Index0),
        "length" => (long)Length,
        "first" => Index0 == 0,
        "last" => Peek() is null,
        "depth0" => (long)depth,
        "depth" => depth + 1L,
        "previtem" => Index0 == 0 ? run.Undefined("loop.previtem", "there is no previous item") : previous!,
        "nextitem" => Peek() ?? run.Undefined("loop.nextitem", "there is no next item"),
        "cycle" => new NativeFunction((_, arguments) => Cycle(arguments)),
        "changed" => new NativeFunction((_, arguments) => Changed(arguments)),
        _ => null,
    };

    public object Call(TemplateRun rendering, CallArguments arguments) => recurse is not null
        ? recurse(arguments.Bind("iterable").Required(0), depth + 1)
        : throw TemplateException.Runtime("only a loop marked 'recursive' can be called");

    private int Length => length ??= ReadAll();

    private int ReadAll()
    {
        var all = new List<object>();
        while (remaining.MoveNext())
        {
            run.Budget.Step();
            all.Add(remaining.Current);
        }

        remaining = all.GetEnumerator();
        return all.Count + Index0 + 1 + (next is null ? 0 : 1);
    }

    private object? Peek() => next ??= remaining.MoveNext() ? remaining.Current : null;

    private object Cycle(CallArguments arguments) => arguments.Positional.Count > 0
        ? arguments.Positional[Index0 % arguments.Positional.Count]
        : throw TemplateException.Runtime("there is nothing to cycle through");

    private object Changed(CallArguments arguments)
    {
        var values = new TemplateTuple(arguments.Positional);
        var changed = lastChanged is null || !run.Equality.Equals(lastChanged, values);
        lastChanged = values;
        return changed;
    }
}
