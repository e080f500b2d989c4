using System.Globalization;
using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Syntax;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Nodes;

/// <summary><c>value.name</c></summary>
internal sealed class AttributeAccess(Expression value, string name, SourcePosition position) : Expression(position)
{
    private readonly string path = value.Path.Length == 0 ? name : $"{value.Path}.{name}";

    public override string Path => path;

    protected override object Compute(Frame frame)
    {
        var owner = value.Evaluate(frame);
        Mark(frame);
        return Attributes.Get(frame.Run, owner, name, path);
    }
}

/// <summary><c>value[key]</c></summary>
internal sealed class ItemAccess(Expression value, Expression key, SourcePosition position) : Expression(position)
{
    private readonly string path = key switch
    {
        Literal { Value: long number } => string.Create(CultureInfo.InvariantCulture, $"{value.Path}[{number}]"),
        Literal { Value: string text } => $"{value.Path}['{text}']",
        _ => $"{value.Path}[{key.Path}]",
    };

    public override string Path => path;

    protected override object Compute(Frame frame)
    {
        var owner = value.Evaluate(frame);
        var index = key.Evaluate(frame);
        Mark(frame);
        return Attributes.GetItem(frame.Run, owner, index, path);
    }
}

/// <summary><c>value[start:stop:step]</c></summary>
internal sealed class SliceAccess(Expression value, Expression? start, Expression? stop, Expression? step, SourcePosition position) : Expression(position)
{
    protected override object Compute(Frame frame)
    {
        var owner = value.Evaluate(frame);
        var (first, last, stride) = (Bound(start, frame), Bound(stop, frame), Bound(step, frame));
        Mark(frame);
        if (owner is Undefined undefined)
        {
            throw undefined.Error();
        }

        return Slicing.Of(frame.Run, owner, first, last, stride)
            ?? frame.Run.Undefined($"{value.Path}[:]", $"a {TypeName.Of(owner)} has no such slice");
    }

    private static object Bound(Expression? bound, Frame frame) => bound?.Evaluate(frame) ?? None.Value;
}
