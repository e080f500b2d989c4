namespace Temporalio.Common;

/// <summary>Default names of workflows, activities and handlers.</summary>
internal static class MethodNames
{
    /// <summary>The name without a trailing <c>Async</c> where the method returns a task.</summary>
    public static string WithoutAsync(MethodInfo method)
    {
        // A local function's name is wrapped by the compiler: <Outer>g__Name|0_0.
        var name = method.Name;
        if (name.IndexOf("g__", StringComparison.Ordinal) is var start and > 0)
        {
            name = name[(start + 3)..name.IndexOf('|', StringComparison.Ordinal)];
        }
        else if (name.StartsWith('<'))
        {
            throw new ArgumentException($"{method} appears to be a lambda which must have a name given on the attribute");
        }

        return typeof(Task).IsAssignableFrom(method.ReturnType) && name.Length > 5 && name.EndsWith("Async", StringComparison.Ordinal) ? name[..^5] : name;
    }
}
