namespace Temporalio.Workflows;

/// <summary>A signal and what handles it.</summary>
public class WorkflowSignalDefinition
{
    private WorkflowSignalDefinition(string? name, string? description, MethodInfo? method, Delegate? del, HandlerUnfinishedPolicy unfinishedPolicy)
    {
        Name = name;
        Description = description;
        Method = method;
        Delegate = del;
        UnfinishedPolicy = unfinishedPolicy;
    }

    public string? Name { get; private init; }

    public string? Description { get; private init; }

    public bool Dynamic => Name is null;

    internal MethodInfo? Method { get; }

    internal Delegate? Delegate { get; }

    internal HandlerUnfinishedPolicy UnfinishedPolicy { get; }

    public static WorkflowSignalDefinition FromMethod(MethodInfo method)
    {
        var attribute = method.GetCustomAttribute<WorkflowSignalAttribute>() ?? throw new ArgumentException($"{method} missing WorkflowSignal attribute");
        HandlerMethods.RequireTask(method, "WorkflowSignal");
        return new(attribute.Dynamic ? null : attribute.Name ?? MethodNames.WithoutAsync(method), attribute.Description, method, null, attribute.UnfinishedPolicy);
    }

    public static WorkflowSignalDefinition CreateWithoutAttribute(
        string? name, Delegate del, HandlerUnfinishedPolicy unfinishedPolicy = HandlerUnfinishedPolicy.WarnAndAbandon, string? description = null)
    {
        HandlerMethods.RequireTask(del.Method, "Signal");
        return new(name, description, null, del, unfinishedPolicy);
    }

    internal static string NameFromMethodForCall(MethodInfo method) =>
        FromMethod(method).Name ?? throw new ArgumentException($"{method} cannot be called by its method: it is dynamic");
}
