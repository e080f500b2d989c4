using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Syntax;

namespace Mainstay.Skills.Rendering.Nodes;

/// <summary>What a macro takes.</summary>
/// <param name="Parameters">Its parameters, in order.</param>
/// <param name="UsesCaller">Whether its body asks for the body of a call block.</param>
/// <param name="UsesKeywords">Whether its body asks for the named arguments beyond its parameters.</param>
/// <param name="UsesVarargs">Whether its body asks for the positional arguments beyond its parameters.</param>
internal sealed record MacroSignature(IReadOnlyList<(string Name, Expression? Default)> Parameters, bool UsesCaller, bool UsesKeywords, bool UsesVarargs);

/// <summary><c>{% macro %}</c></summary>
internal sealed class MacroStatement(string name, MacroSignature signature, Statement body, SourcePosition position) : Statement(position)
{
    protected override void Run(Frame frame) => frame.Scope.Set(name, new Macro(name, signature, body, frame));
}

/// <summary><c>{% call %}</c></summary>
internal sealed class CallBlock(MacroSignature signature, Call call, Statement body, SourcePosition position) : Statement(position)
{
    protected override void Run(Frame frame)
    {
        var result = call.Compute(frame, new Macro("caller", signature, body, frame));
        Mark(frame);
        frame.Output.Write(frame.Run.Text.Of(result));
    }
}
