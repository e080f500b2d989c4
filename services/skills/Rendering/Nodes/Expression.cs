using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Syntax;

namespace Mainstay.Skills.Rendering.Nodes;

/// <summary>A part of a template that has a value.</summary>
internal abstract class Expression(SourcePosition position)
{
    public SourcePosition Position { get; } = position;

    /// <summary>The expression as an error names it; empty when it is more than a path of names.</summary>
    public virtual string Path => "";

    /// <summary>The value, within the rendering's limits.</summary>
    public object Evaluate(Frame frame)
    {
        frame.Run.Budget.Step();
        Budget.CheckStack();
        return Compute(frame);
    }

    protected abstract object Compute(Frame frame);

    /// <summary>Says that what comes next happens here.</summary>
    protected void Mark(Frame frame) => frame.Run.Position = Position;
}
