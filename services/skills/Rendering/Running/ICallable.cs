namespace Mainstay.Skills.Rendering.Running;

/// <summary>A value that a template may call.</summary>
internal interface ICallable
{
    object Call(TemplateRun run, CallArguments arguments);
}

/// <summary>A function of the engine, or a method of a value.</summary>
internal sealed class NativeFunction(Func<TemplateRun, CallArguments, object> body) : ICallable
{
    public object Call(TemplateRun run, CallArguments arguments) => body(run, arguments);
}
