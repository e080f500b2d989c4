namespace Temporalio.Workflows;

/// <summary>A query and what answers it.</summary>
public class WorkflowQueryDefinition
{
    private WorkflowQueryDefinition(string? name, string? description, MethodInfo? method, Delegate? del)
    {
        Name = name;
        Description = description;
        Method = method;
        Delegate = del;
    }

    public string? Name { get; private init; }

    public string? Description { get; private init; }

    public bool Dynamic => Name is null;

    internal MethodInfo? Method { get; }

    internal Delegate? Delegate { get; }

    public static WorkflowQueryDefinition FromMethod(MethodInfo method)
    {
        var attribute = method.GetCustomAttribute<WorkflowQueryAttribute>() ?? throw new ArgumentException($"{method} missing WorkflowQuery attribute");
        RequireValue(method);
        return new(attribute.Dynamic ? null : attribute.Name ?? method.Name, attribute.Description, method, null);
    }

    public static WorkflowQueryDefinition FromProperty(PropertyInfo property)
    {
        var attribute = property.GetCustomAttribute<WorkflowQueryAttribute>() ?? throw new ArgumentException($"{property} missing WorkflowQuery attribute");
        var getter = property.GetGetMethod() ?? throw new ArgumentException($"WorkflowQuery property {property} must have public getter");
        return attribute.Dynamic
            ? throw new ArgumentException($"WorkflowQuery property {property} cannot be dynamic")
            : new(attribute.Name ?? property.Name, attribute.Description, getter, null);
    }

    public static WorkflowQueryDefinition CreateWithoutAttribute(string? name, Delegate del, string? description = null)
    {
        RequireValue(del.Method);
        return new(name, description, null, del);
    }

    internal static string NameFromMethodForCall(MethodInfo method) =>
        FromMethod(method).Name ?? throw new ArgumentException($"{method} cannot be called by its method: it is dynamic");

    internal static string NameFromPropertyForCall(PropertyInfo property) => FromProperty(property).Name!;

    private static void RequireValue(MethodInfo method)
    {
        if (method.ReturnType == typeof(void) || typeof(Task).IsAssignableFrom(method.ReturnType))
        {
            throw new ArgumentException($"WorkflowQuery method {method} must return a value, and not a task");
        }
    }
}
