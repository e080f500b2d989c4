using System.Reflection;

namespace Architecture.Tests;

/// <summary>Writes the public types and members of an assembly as the lists in <c>PublicSurface</c> have them.</summary>
internal static class SurfaceReader
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // Made by the compiler for records, or said of every object.
    private static readonly HashSet<string> Implied =
        ["Equals", "GetHashCode", "ToString", "op_Equality", "op_Inequality", "PrintMembers", "EqualityContract", "Deconstruct", "<Clone>$", "Finalize"];

    /// <summary>The types, without those of the wire, which are generated from Temporal's own protos.</summary>
    public static IEnumerable<Type> Types(Assembly assembly) => assembly.GetTypes().Where(type => IsVisible(type) && type.Namespace?.StartsWith("Temporalio.Api", StringComparison.Ordinal) != true);

    public static string Header(Type type)
    {
        var kind = type.IsInterface ? "interface" : type.IsEnum ? "enum" : typeof(Delegate).IsAssignableFrom(type) ? "delegate" : type.IsValueType ? "struct" : "class";
        return $"{kind} {type.Namespace}.{Name(type)}";
    }

    public static IEnumerable<string> Members(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return [];
        }

        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), System.Globalization.CultureInfo.InvariantCulture)}");
        }

        return type.GetMembers(Declared).Where(member => !Implied.Contains(member.Name)).Select(member => member switch
        {
            ConstructorInfo { IsStatic: false } made when IsVisible(made) && !IsCopy(made) => $"{Access(made)}new({Parameters(made.GetParameters())})",
            MethodInfo { IsSpecialName: false } called when IsVisible(called) => Method(called),
            MethodInfo called when IsVisible(called) && called.Name.StartsWith("op_", StringComparison.Ordinal) => Method(called),
            PropertyInfo property when property.GetAccessors(true).Any(IsVisible) => Property(property),
            FieldInfo { IsSpecialName: false } field when field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly =>
                $"{(field.IsPublic ? "" : "protected ")}{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}",
            EventInfo happening when IsVisible(happening.AddMethod!) => $"{Access(happening.AddMethod!)}{Static(happening.AddMethod!)}event {Name(happening.EventHandlerType!)} {happening.Name}",
            _ => "",
        }).Where(line => line.Length > 0);
    }

    private static bool IsVisible(Type type) => type.IsPublic || ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!));

    private static bool IsVisible(MethodBase method) => method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed);

    private static bool IsCopy(ConstructorInfo made) => made.GetParameters() is [var only] && only.ParameterType == made.DeclaringType;

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";
        return $"{Access(method)}{Static(method)}{Name(method.ReturnType)} {method.Name}{generic}({Parameters(method.GetParameters())})";
    }

    private static string Property(PropertyInfo property)
    {
        var widest = property.GetAccessors(true).OrderByDescending(accessor => accessor.IsPublic).First();
        var get = property.GetMethod is { } getter && IsVisible(getter) ? " get;" : "";
        var init = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit)) == true;
        var set = property.SetMethod is { } setter && IsVisible(setter) ? init ? " init;" : " set;" : "";
        var name = property.GetIndexParameters() is [_, ..] index ? $"this[{Parameters(index)}]" : property.Name;
        return $"{Access(widest)}{Static(widest)}{Name(property.PropertyType)} {name} {{{get}{set} }}";
    }

    private static string Access(MethodBase method) => method.IsPublic || method is ConstructorInfo { DeclaringType.IsAbstract: true } ? "" : "protected ";

    private static string Static(MethodBase method) => method.IsStatic ? "static " : "";

    private static string Parameters(ParameterInfo[] parameters) => string.Join(
        ", ",
        parameters.Select(p => $"{(p.IsOut ? "out " : p.ParameterType.IsByRef ? "ref " : "")}{Name(p.ParameterType.IsByRef ? p.ParameterType.GetElementType()! : p.ParameterType)} {p.Name}"));

    private static string Name(Type type)
    {
        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        return type.IsGenericParameter ? type.Name : Nested(type, type.GetGenericArguments());
    }

    // Reflection gives the arguments of an outer type to the inner one, too.
    private static string Nested(Type type, Type[] arguments)
    {
        var outer = type.DeclaringType is { } declaring ? declaring.GetGenericArguments().Length : 0;
        var prefix = type.DeclaringType is { } container ? Nested(container, arguments[..outer]) + "." : "";
        var own = arguments[outer..];
        return prefix + type.Name.Split('`')[0] + (own.Length > 0 ? $"<{string.Join(", ", own.Select(Name))}>" : "");
    }
}
