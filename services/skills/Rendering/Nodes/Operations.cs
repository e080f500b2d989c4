using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Syntax;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Nodes;

/// <summary>Two values and an arithmetic operator.</summary>
internal sealed class Arithmetic(string sign, Expression left, Expression right, SourcePosition position) : Expression(position)
{
    protected override object Compute(Frame frame)
    {
        var (one, other) = (left.Evaluate(frame), right.Evaluate(frame));
        Mark(frame);
        return Operators.Apply(frame.Run, sign, one, other);
    }
}

/// <summary><c>-value</c> or <c>+value</c></summary>
internal sealed class Signed(bool isNegative, Expression value, SourcePosition position) : Expression(position)
{
    protected override object Compute(Frame frame)
    {
        var number = value.Evaluate(frame);
        Mark(frame);
        return isNegative ? Operators.Negate(number) : Operators.Plus(number);
    }
}

/// <summary><c>a ~ b</c></summary>
internal sealed class Concatenation(IReadOnlyList<Expression> parts, SourcePosition position) : Expression(position)
{
    protected override object Compute(Frame frame)
    {
        var texts = parts.Select(part => TextOf(part, frame)).ToArray();
        Mark(frame);
        frame.Run.Budget.CountText(texts.Sum(text => (long)text.Length));
        return string.Concat(texts);
    }

    private static string TextOf(Expression part, Frame frame) => frame.Run.Text.Of(part.Evaluate(frame));
}

/// <summary><c>not value</c></summary>
internal sealed class Negation(Expression value, SourcePosition position) : Expression(position)
{
    protected override object Compute(Frame frame) => !Truth.Of(value.Evaluate(frame));
}

/// <summary><c>a and b</c> or <c>a or b</c>: the value that decided.</summary>
internal sealed class Connective(bool isAnd, Expression left, Expression right, SourcePosition position) : Expression(position)
{
    protected override object Compute(Frame frame)
    {
        var value = left.Evaluate(frame);
        return Truth.Of(value) == isAnd ? right.Evaluate(frame) : value;
    }
}

/// <summary><c>a if condition else b</c></summary>
internal sealed class Conditional(Expression condition, Expression then, Expression? otherwise, SourcePosition position) : Expression(position)
{
    protected override object Compute(Frame frame) => Truth.Of(condition.Evaluate(frame))
        ? then.Evaluate(frame)
        : otherwise?.Evaluate(frame) ?? NoValue;

    // Jinja2 renders nothing here even in its strict mode.
    private static Undefined NoValue { get; } = new("", "an inline 'if' without 'else' has no value here", IsStrict: false);
}

/// <summary>A chain of comparisons, such as <c>1 &lt; x &lt; 10</c>.</summary>
internal sealed class Comparison(Expression first, IReadOnlyList<(string Sign, Expression Operand)> chain, SourcePosition position) : Expression(position)
{
    protected override object Compute(Frame frame)
    {
        var left = first.Evaluate(frame);
        foreach (var (sign, operand) in chain)
        {
            var right = operand.Evaluate(frame);
            Mark(frame);
            if (!Holds(frame.Run, sign, left, right))
            {
                return false;
            }

            left = right;
        }

        return true;
    }

    public static bool Holds(TemplateRun run, string sign, object left, object right) => sign switch
    {
        "==" => run.Equality.Equals(left, right),
        "!=" => !run.Equality.Equals(left, right),
        "<" => run.Order.Compare(left, right) < 0,
        "<=" => run.Order.Compare(left, right) <= 0,
        ">" => run.Order.Compare(left, right) > 0,
        ">=" => run.Order.Compare(left, right) >= 0,
        "in" => Operators.Contains(run, right, left),
        _ => !Operators.Contains(run, right, left),
    };
}
