using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Syntax;

namespace Mainstay.Skills.Rendering.Nodes;

/// <summary>A variable.</summary>
internal sealed class Name(string identifier, SourcePosition position) : Expression(position)
{
    public string Identifier => identifier;

    public override string Path => identifier;

    protected override object Compute(Frame frame)
    {
        Mark(frame);
        return frame.Scope.Find(identifier) ?? Globals.Find(identifier) ?? (object)frame.Run.Undefined(identifier, $"'{identifier}' is undefined");
    }
}

/// <summary><c>names.attribute</c> as the target of an assignment.</summary>
internal sealed class NamespaceTarget(string names, string attribute, SourcePosition position) : Expression(position)
{
    public void Assign(Frame frame, object value)
    {
        Mark(frame);
        if (frame.Scope.Find(names) is not NamespaceValue target)
        {
            throw TemplateException.Runtime($"'{names}' is no namespace(), so its attributes cannot be set");
        }

        target.Values[attribute] = value;
    }

    protected override object Compute(Frame frame) => throw TemplateException.Runtime("an assignment's target has no value");
}
