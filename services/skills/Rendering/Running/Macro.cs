using Mainstay.Skills.Rendering.Nodes;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Running;

/// <summary>A macro, or the body of a call block, with the names it saw where it was written.</summary>
internal sealed class Macro(string name, MacroSignature signature, Statement body, Frame definition) : ICallable
{
    public string Name => name;

    public MacroSignature Signature => signature;

    public object Call(TemplateRun run, CallArguments arguments)
    {
        run.Budget.EnterCall();
        var frame = definition.Capturing();
        BindParameters(frame, arguments);
        body.Execute(frame);
        run.Budget.LeaveCall();
        return frame.Output.ToString();
    }

    private void BindParameters(Frame frame, CallArguments arguments)
    {
        var named = new Dictionary<string, object>(arguments.Named, StringComparer.Ordinal);
        for (var i = 0; i < signature.Parameters.Count; i++)
        {
            var parameter = signature.Parameters[i];
            var isNamed = named.Remove(parameter.Name, out var byName);
            var value = i < arguments.Positional.Count ? isNamed ? throw GivenTwice(parameter.Name) : arguments.Positional[i] : byName;
            frame.Scope.Set(parameter.Name, value ?? Missing(frame, parameter.Name, parameter.Default));
        }

        if (signature.UsesCaller)
        {
            frame.Scope.Set("caller", named.Remove("caller", out var caller) ? caller : frame.Run.Undefined("caller", "no caller is given: the macro is not called by a call block"));
        }

        BindRest(frame, arguments, named);
    }

    private object Missing(Frame frame, string parameter, Expression? otherwise) => otherwise is not null
        ? otherwise.Evaluate(frame)
        : frame.Run.Undefined(parameter, $"the macro '{name}' was called without its parameter '{parameter}'");

    private void BindRest(Frame frame, CallArguments arguments, Dictionary<string, object> named)
    {
        if (signature.UsesKeywords)
        {
            var keywords = frame.Run.NewDict();
            foreach (var (key, value) in named)
            {
                keywords.Entries[key] = value;
            }

            frame.Scope.Set("kwargs", keywords);
        }
        else if (named.Count > 0)
        {
            throw TemplateException.Runtime($"the macro '{name}' has no parameter '{named.Keys.First()}'");
        }

        if (signature.UsesVarargs)
        {
            frame.Scope.Set("varargs", new TemplateTuple([.. arguments.Positional.Skip(signature.Parameters.Count)]));
        }
        else if (arguments.Positional.Count > signature.Parameters.Count)
        {
            throw TemplateException.Runtime($"the macro '{name}' takes at most {signature.Parameters.Count} arguments");
        }
    }

    private TemplateException GivenTwice(string parameter) => TemplateException.Runtime($"the macro '{name}' is given '{parameter}' twice");
}
