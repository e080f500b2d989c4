using Mainstay.Skills.Rendering.Running;

namespace Mainstay.Skills.Rendering.Methods;

/// <summary>What a method does with the value it belongs to.</summary>
internal delegate object Method<in T>(TemplateRun run, T self, CallArguments arguments);

/// <summary>The methods of one type by their names.</summary>
internal sealed class MethodTable<T>(Dictionary<string, Method<T>> methods)
{
    /// <summary>The method, ready to be called; null when there is none of that name.</summary>
    public ICallable? Bind(T self, string name) =>
        methods.TryGetValue(name, out var method) ? new NativeFunction((run, arguments) => method(run, self, arguments)) : null;
}
