namespace Temporalio.Workflows;

/// <summary>An update, what handles it and what may refuse it.</summary>
public class WorkflowUpdateDefinition
{
    private WorkflowUpdateDefinition(string? name, string? description, MethodInfo? method, MethodInfo? validatorMethod, Delegate? del, Delegate? validator, HandlerUnfinishedPolicy unfinishedPolicy)
    {
        Name = name;
        Description = description;
        Method = method;
        ValidatorMethod = validatorMethod;
        Delegate = del;
        ValidatorDelegate = validator;
        UnfinishedPolicy = unfinishedPolicy;
    }

    public string? Name { get; private init; }

    public string? Description { get; private init; }

    public bool Dynamic => Name is null;

    internal MethodInfo? Method { get; }

    internal MethodInfo? ValidatorMethod { get; }

    internal Delegate? Delegate { get; }

    internal Delegate? ValidatorDelegate { get; }

    internal HandlerUnfinishedPolicy UnfinishedPolicy { get; }

    public static WorkflowUpdateDefinition FromMethod(MethodInfo method, MethodInfo? validatorMethod = null)
    {
        var attribute = method.GetCustomAttribute<WorkflowUpdateAttribute>() ?? throw new ArgumentException($"{method} missing WorkflowUpdate attribute");
        HandlerMethods.RequireTask(method, "WorkflowUpdate");
        if (validatorMethod is not null && (validatorMethod.ReturnType != typeof(void) ||
            !validatorMethod.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual(method.GetParameters().Select(parameter => parameter.ParameterType))))
        {
            throw new ArgumentException($"WorkflowUpdateValidator {validatorMethod} must return nothing and have the parameters of {method}");
        }

        return new(attribute.Dynamic ? null : attribute.Name ?? MethodNames.WithoutAsync(method), attribute.Description, method, validatorMethod, null, null, attribute.UnfinishedPolicy);
    }

    public static WorkflowUpdateDefinition CreateWithoutAttribute(
        string? name,
        Delegate del,
        Delegate? validatorDel = null,
        HandlerUnfinishedPolicy unfinishedPolicy = HandlerUnfinishedPolicy.WarnAndAbandon,
        string? description = null)
    {
        HandlerMethods.RequireTask(del.Method, "Update");
        return new(name, description, null, null, del, validatorDel, unfinishedPolicy);
    }

    internal static string NameFromMethodForCall(MethodInfo method) =>
        FromMethod(method).Name ?? throw new ArgumentException($"{method} cannot be called by its method: it is dynamic");
}
