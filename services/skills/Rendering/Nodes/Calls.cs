using Mainstay.Skills.Rendering.Filters;
using Mainstay.Skills.Rendering.Predicates;
using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Syntax;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Nodes;

/// <summary><c>function(arguments)</c></summary>
internal sealed class Call(Expression function, ArgumentList arguments, SourcePosition position) : Expression(position)
{
    protected override object Compute(Frame frame) => Compute(frame, null);

    /// <summary>Calls with the body of a call block, where there is one.</summary>
    public object Compute(Frame frame, Macro? caller)
    {
        var callee = function.Evaluate(frame);
        var passed = arguments.Evaluate(frame);
        if (caller is not null)
        {
            passed = passed with { Named = [.. passed.Named, KeyValuePair.Create("caller", (object)caller)] };
        }

        Mark(frame);
        return callee switch
        {
            ICallable callable => callable.Call(frame.Run, passed),
            Undefined undefined => throw undefined.Error(),
            _ => throw TemplateException.Runtime($"'{function.Path}' is a {TypeName.Of(callee)} and cannot be called"),
        };
    }
}

/// <summary><c>value | name(arguments)</c>; without a value it filters the text of a block.</summary>
internal sealed class FilterCall(Expression? value, string name, ArgumentList arguments, SourcePosition position) : Expression(position)
{
    protected override object Compute(Frame frame) => Apply(frame, value!.Evaluate(frame));

    /// <summary>Filters the text of a block, through all filters of the chain.</summary>
    public object ApplyTo(Frame frame, object text) => Apply(frame, value is FilterCall before ? before.ApplyTo(frame, text) : text);

    private object Apply(Frame frame, object input)
    {
        var passed = arguments.Evaluate(frame);
        Mark(frame);
        return FilterTable.Find(name)(frame.Run, input, passed);
    }
}

/// <summary><c>value is name(arguments)</c></summary>
internal sealed class TestCall(Expression value, string name, ArgumentList arguments, SourcePosition position) : Expression(position)
{
    protected override object Compute(Frame frame)
    {
        var input = value.Evaluate(frame);
        var passed = arguments.Evaluate(frame);
        Mark(frame);
        return PredicateTable.Find(name)(frame.Run, input, passed);
    }
}
