using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Syntax;

namespace Mainstay.Skills.Rendering.Nodes;

/// <summary>A part of a template that writes text or sets names.</summary>
internal abstract class Statement(SourcePosition position)
{
    public SourcePosition Position { get; } = position;

    /// <summary>Runs the statement, within the rendering's limits.</summary>
    public void Execute(Frame frame)
    {
        frame.Run.Budget.Step();
        Budget.CheckStack();
        Run(frame);
    }

    protected abstract void Run(Frame frame);

    /// <summary>Says that what comes next happens here.</summary>
    protected void Mark(Frame frame) => frame.Run.Position = Position;
}
