using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Syntax;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Nodes;

/// <summary><c>{% for %}</c></summary>
internal sealed class ForStatement(
    Expression target, Expression sequence, Expression? condition, bool isRecursive, Statement body, Statement? otherwise, SourcePosition position) : Statement(position)
{
    protected override void Run(Frame frame) => Loop(frame, sequence.Evaluate(frame), 0);

    private void Loop(Frame frame, object items, int depth)
    {
        Mark(frame);
        var passing = condition is null ? Iteration.Of(items) : Passing(frame, Iteration.Of(items));
        var loop = new LoopContext(frame.Run, condition is null ? items : None.Value, passing, isRecursive ? (nested, level) => Recurse(frame, nested, level) : null, depth);
        var isEmpty = true;
        while (loop.MoveNext(out var item))
        {
            isEmpty = false;
            frame.Run.Budget.Step();
            var inner = frame.Inner();
            inner.Scope.Set("loop", loop);
            Assignment.To(target, item, inner);
            body.Execute(inner);
        }

        if (isEmpty)
        {
            otherwise?.Execute(frame.Inner());
        }
    }

    private IEnumerable<object> Passing(Frame frame, IEnumerable<object> items)
    {
        foreach (var item in items)
        {
            var inner = frame.Inner();
            Assignment.To(target, item, inner);
            if (Truth.Of(condition!.Evaluate(inner)))
            {
                yield return item;
            }
        }
    }

    private string Recurse(Frame frame, object items, int depth)
    {
        frame.Run.Budget.EnterCall();
        var inner = frame with { Output = new Output(frame.Run.Budget) };
        Loop(inner, items, depth);
        frame.Run.Budget.LeaveCall();
        return inner.Output.ToString();
    }
}
