using Mainstay.Skills.Rendering.Running;

namespace Mainstay.Skills.Rendering.Values;

/// <summary>What Python calls a value's type, for messages.</summary>
internal static class TypeName
{
    public static string Of(object value) => value switch
    {
        None => "NoneType",
        bool => "bool",
        long => "int",
        double => "float",
        string => "str",
        Markup => "Markup",
        Undefined => "Undefined",
        List<object> => "list",
        TemplateTuple => "tuple",
        TemplateDict => "dict",
        TemplateRange => "range",
        Generator => "generator",
        DictView view => $"dict_{view.Kind}",
        NamespaceValue => "Namespace",
        Macro => "Macro",
        LoopContext => "LoopContext",
        ICallable => "function",
        _ => "object",
    };
}
