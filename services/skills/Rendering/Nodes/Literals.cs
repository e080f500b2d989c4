using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Syntax;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Nodes;

/// <summary>A value as written.</summary>
internal sealed class Literal(object value, SourcePosition position) : Expression(position)
{
    public object Value => value;

    protected override object Compute(Frame frame) => value;
}

/// <summary><c>[a, b]</c></summary>
internal sealed class ListLiteral(IReadOnlyList<Expression> items, SourcePosition position) : Expression(position)
{
    protected override object Compute(Frame frame) => items.Select(item => item.Evaluate(frame)).ToList();
}

/// <summary><c>(a, b)</c></summary>
internal sealed class TupleLiteral(IReadOnlyList<Expression> items, SourcePosition position) : Expression(position)
{
    public IReadOnlyList<Expression> Items => items;

    protected override object Compute(Frame frame) => new TemplateTuple([.. items.Select(item => item.Evaluate(frame))]);
}

/// <summary><c>{a: b}</c></summary>
internal sealed class DictLiteral(IReadOnlyList<(Expression Key, Expression Value)> entries, SourcePosition position) : Expression(position)
{
    protected override object Compute(Frame frame)
    {
        var dict = frame.Run.NewDict();
        foreach (var (key, value) in entries)
        {
            var name = key.Evaluate(frame);
            var content = value.Evaluate(frame);
            Mark(frame);
            dict.Entries[name] = content;
        }

        return dict;
    }
}
