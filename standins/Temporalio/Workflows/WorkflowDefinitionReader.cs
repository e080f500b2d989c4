namespace Temporalio.Workflows;

/// <summary>The handlers of a workflow type.</summary>
internal sealed class WorkflowHandlers
{
    public Dictionary<string, WorkflowSignalDefinition> Signals { get; } = [];

    public WorkflowSignalDefinition? DynamicSignal { get; set; }

    public Dictionary<string, WorkflowQueryDefinition> Queries { get; } = [];

    public WorkflowQueryDefinition? DynamicQuery { get; set; }

    public Dictionary<string, WorkflowUpdateDefinition> Updates { get; } = [];

    public WorkflowUpdateDefinition? DynamicUpdate { get; set; }

    public IReadOnlyList<Type>? InitParameters { get; set; }
}

/// <summary>Reads a workflow type's attributes and reports every mistake at once.</summary>
internal static class WorkflowDefinitionReader
{
    private const BindingFlags Members = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    public static string? NameOf(Type type)
    {
        var attribute = type.GetCustomAttribute<WorkflowAttribute>(false) ?? throw new ArgumentException($"{type} missing Workflow attribute");
        if (attribute.Dynamic)
        {
            return null;
        }

        // An interface is named like the class that implements it.
        return attribute.Name ?? (type.IsInterface && type.Name.Length > 1 && type.Name[0] == 'I' && char.IsUpper(type.Name[1]) ? type.Name[1..] : type.Name);
    }

    public static WorkflowDefinition Read(Type type, string? nameOverride, Func<object?[], object>? creatorOverride)
    {
        var name = nameOverride ?? NameOf(type);
        var errors = new List<string>();
        var runs = type.GetMethods(Members).Where(method => method.GetCustomAttribute<WorkflowRunAttribute>(false) is not null).ToList();
        var handlers = new WorkflowHandlers();
        if (runs.Count != 1)
        {
            errors.Add(runs.Count == 0 ? "WorkflowRun attribute missing on any method" : "WorkflowRun attribute on multiple methods");
        }
        else if (!runs[0].IsPublic || runs[0].IsStatic || !typeof(Task).IsAssignableFrom(runs[0].ReturnType))
        {
            errors.Add($"WorkflowRun on {runs[0]} must be on a public instance method that returns Task");
        }

        ReadMethods(type, handlers, errors);
        var creator = creatorOverride ?? (runs.Count == 1 ? Creator(type, runs[0], handlers, errors) : null);
        return errors.Count > 0
            ? throw new ArgumentException($"Invalid workflow type {type}: {string.Join(", ", errors)}")
            : new(name, type, runs[0], creator, handlers, type.GetCustomAttribute<WorkflowAttribute>(false) ?? new());
    }

    private static void ReadMethods(Type type, WorkflowHandlers handlers, List<string> errors)
    {
        var validators = type.GetMethods(Members)
            .Select(method => (Method: method, Attribute: method.GetCustomAttribute<WorkflowUpdateValidatorAttribute>()))
            .Where(found => found.Attribute is not null)
            .ToDictionary(found => found.Attribute!.UpdateMethod, found => found.Method);
        foreach (var method in type.GetMethods(Members))
        {
            Try(errors, () =>
            {
                if (method.GetCustomAttribute<WorkflowSignalAttribute>() is not null)
                {
                    handlers.DynamicSignal = Keep(handlers.Signals, WorkflowSignalDefinition.FromMethod(method), definition => definition.Name, handlers.DynamicSignal, "signal");
                }
                else if (method.GetCustomAttribute<WorkflowQueryAttribute>() is not null)
                {
                    handlers.DynamicQuery = Keep(handlers.Queries, WorkflowQueryDefinition.FromMethod(method), definition => definition.Name, handlers.DynamicQuery, "query");
                }
                else if (method.GetCustomAttribute<WorkflowUpdateAttribute>() is not null)
                {
                    validators.Remove(method.Name, out var validator);
                    handlers.DynamicUpdate = Keep(handlers.Updates, WorkflowUpdateDefinition.FromMethod(method, validator), definition => definition.Name, handlers.DynamicUpdate, "update");
                }
            });
        }

        foreach (var property in type.GetProperties(Members).Where(property => property.GetCustomAttribute<WorkflowQueryAttribute>() is not null))
        {
            Try(errors, () => handlers.Queries.Add(WorkflowQueryDefinition.FromProperty(property).Name!, WorkflowQueryDefinition.FromProperty(property)));
        }

        errors.AddRange(validators.Select(left => $"WorkflowUpdateValidator on {left.Value} refers to an update method {left.Key} that is not found"));
    }

    private static T? Keep<T>(Dictionary<string, T> named, T definition, Func<T, string?> nameOf, T? dynamic, string kind)
        where T : class
    {
        if (nameOf(definition) is not { } name)
        {
            return dynamic is null ? definition : throw new ArgumentException($"more than one dynamic {kind}");
        }

        return named.TryAdd(name, definition) ? dynamic : throw new ArgumentException($"more than one {kind} named {name}");
    }

    private static Func<object?[], object>? Creator(Type type, MethodInfo run, WorkflowHandlers handlers, List<string> errors)
    {
        if (type.IsInterface || type.IsAbstract)
        {
            return null;
        }

        var init = type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .FirstOrDefault(constructor => constructor.GetCustomAttribute<WorkflowInitAttribute>() is not null);
        if (init is not null)
        {
            if (!init.IsPublic || !init.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual(run.GetParameters().Select(parameter => parameter.ParameterType)))
            {
                errors.Add("WorkflowInit constructor must be public and have the parameters of the WorkflowRun method");
            }

            handlers.InitParameters = [.. init.GetParameters().Select(parameter => parameter.ParameterType)];
            return init.Invoke;
        }

        return type.GetConstructor([]) is { } constructor ? _ => constructor.Invoke([]) : null;
    }

    private static void Try(List<string> errors, Action read)
    {
        try
        {
            read();
        }
        catch (ArgumentException e)
        {
            errors.Add(e.Message);
        }
    }
}
