using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Syntax;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Nodes;

/// <summary>Text as it stands.</summary>
internal sealed class TextStatement(string text, SourcePosition position) : Statement(position)
{
    public bool IsBlank => string.IsNullOrWhiteSpace(text);

    protected override void Run(Frame frame) => frame.Output.Write(text);
}

/// <summary><c>{{ value }}</c></summary>
internal sealed class OutputStatement(Expression value, SourcePosition position) : Statement(position)
{
    protected override void Run(Frame frame)
    {
        var result = value.Evaluate(frame);
        Mark(frame);
        frame.Output.Write(frame.Run.Text.Of(result));
    }
}

/// <summary>Statements one after the other.</summary>
internal sealed class Sequence(IReadOnlyList<Statement> statements, SourcePosition position) : Statement(position)
{
    // Run for each item of a loop: an array is gone through without an enumerator of its own.
    private readonly Statement[] parts = [.. statements];

    public IReadOnlyList<Statement> Statements => parts;

    protected override void Run(Frame frame)
    {
        foreach (var statement in parts)
        {
            statement.Execute(frame);
        }
    }
}

/// <summary><c>{% if %}</c></summary>
internal sealed class IfStatement(IReadOnlyList<(Expression Condition, Statement Body)> branches, Statement? otherwise, SourcePosition position) : Statement(position)
{
    private readonly (Expression Condition, Statement Body)[] choices = [.. branches];

    protected override void Run(Frame frame)
    {
        foreach (var (condition, body) in choices)
        {
            if (Truth.Of(condition.Evaluate(frame)))
            {
                body.Execute(frame);
                return;
            }
        }

        otherwise?.Execute(frame);
    }
}

/// <summary><c>{% set %}</c> with a value.</summary>
internal sealed class SetStatement(Expression target, Expression value, SourcePosition position) : Statement(position)
{
    protected override void Run(Frame frame) => Assignment.To(target, value.Evaluate(frame), frame);
}

/// <summary><c>{% set %}</c> with a body.</summary>
internal sealed class SetBlock(Expression target, FilterCall? filter, Statement body, SourcePosition position) : Statement(position)
{
    protected override void Run(Frame frame)
    {
        var inner = frame.Capturing();
        body.Execute(inner);
        object text = inner.Output.ToString();
        Assignment.To(target, filter?.ApplyTo(frame, text) ?? text, frame);
    }
}

/// <summary><c>{% filter %}</c></summary>
internal sealed class FilterBlock(FilterCall filter, Statement body, SourcePosition position) : Statement(position)
{
    protected override void Run(Frame frame)
    {
        var inner = frame.Capturing();
        body.Execute(inner);
        frame.Output.Write(frame.Run.Text.Of(filter.ApplyTo(inner, inner.Output.ToString())));
    }
}

/// <summary><c>{% with %}</c></summary>
internal sealed class WithStatement(IReadOnlyList<(Expression Target, Expression Value)> assignments, Statement body, SourcePosition position) : Statement(position)
{
    protected override void Run(Frame frame)
    {
        var inner = frame.Inner();
        foreach (var (target, value) in assignments)
        {
            Assignment.To(target, value.Evaluate(frame), inner);
        }

        body.Execute(inner);
    }
}
