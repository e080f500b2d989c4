using System.Runtime.ExceptionServices;

namespace Temporalio.Activities;

/// <summary>An activity as the worker calls it.</summary>
public class ActivityDefinition
{
    private readonly Func<object?[], object?> invoker;

    private ActivityDefinition(string? name, Type returnType, IReadOnlyCollection<Type> parameterTypes, int requiredParameterCount, Func<object?[], object?> invoker, MethodInfo? methodInfo)
    {
        Name = name;
        ReturnType = returnType;
        ParameterTypes = parameterTypes;
        RequiredParameterCount = requiredParameterCount;
        MethodInfo = methodInfo;
        this.invoker = invoker;
    }

    /// <summary>The activity type; null when it takes any.</summary>
    public string? Name { get; private init; }

    public Type ReturnType { get; private init; }

    public IReadOnlyCollection<Type> ParameterTypes { get; private init; }

    public int RequiredParameterCount { get; private init; }

    public bool Dynamic => Name is null;

    public MethodInfo? MethodInfo { get; private init; }

    public static ActivityDefinition Create(Delegate del) => Create(del.Method, del.DynamicInvoke);

    public static ActivityDefinition Create(string? name, Type returnType, IReadOnlyCollection<Type> parameterTypes, int requiredParameterCount, Func<object?[], object?> invoker) =>
        new(name, returnType, parameterTypes, requiredParameterCount, invoker, null);

    public static ActivityDefinition Create(MethodInfo method, Func<object?[], object?> invoker)
    {
        var attribute = method.GetCustomAttribute<ActivityAttribute>() ?? throw new ArgumentException($"{method} missing Activity attribute");
        return CreateWithoutAttribute(NameFromAttribute(attribute, method), method, invoker);
    }

    public static ActivityDefinition CreateWithoutAttribute(string? name, MethodInfo method, Func<object?[], object?> invoker)
    {
        var parameters = method.GetParameters();
        if (method.ContainsGenericParameters)
        {
            throw new ArgumentException($"{method} with generic parameters cannot be an activity");
        }

        if (parameters.Any(parameter => parameter.ParameterType.IsByRef))
        {
            throw new ArgumentException($"{method} has parameters with disallowed ref/out");
        }

        return new(name, method.ReturnType, [.. parameters.Select(parameter => parameter.ParameterType)], parameters.Count(parameter => !parameter.HasDefaultValue), invoker, method);
    }

    public static IReadOnlyCollection<ActivityDefinition> CreateAll<T>(T? instance) => CreateAll(typeof(T), instance);

    public static IReadOnlyCollection<ActivityDefinition> CreateAll(Type type, object? instance)
    {
        var methods = type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance)
            .Where(method => method.GetCustomAttribute<ActivityAttribute>() is not null)
            .ToList();
        if (methods.Count == 0)
        {
            throw new ArgumentException($"No activities found on {type}");
        }

        return [.. methods.Select(method =>
        {
            if (!method.IsPublic)
            {
                throw new ArgumentException($"{method} has Activity attribute but is not public");
            }

            return method.IsStatic || instance is not null
                ? Create(method, arguments => method.Invoke(instance, arguments))
                : throw new InvalidOperationException($"Instance not provided, but activity method {method} is non-static");
        })];
    }

    /// <summary>Runs the activity and waits for its task, if it returns one.</summary>
    public async Task<object?> InvokeAsync(object?[] parameters)
    {
        if (parameters.Length < RequiredParameterCount || parameters.Length > ParameterTypes.Count)
        {
            throw new ApplicationFailureException($"Activity {Name ?? "<dynamic>"} given {parameters.Length} parameter(s), but more than {RequiredParameterCount} and fewer than {ParameterTypes.Count} required");
        }

        if (MethodInfo is { } method && parameters.Length < ParameterTypes.Count)
        {
            parameters = [.. parameters, .. method.GetParameters().Skip(parameters.Length).Select(parameter => parameter.DefaultValue)];
        }

        object? result;
        try
        {
            result = invoker(parameters);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }

        return result is Task task ? await TaskValue.AwaitAsync(task).ConfigureAwait(false) : result;
    }

    internal static string NameFromMethodForCall(MethodInfo method)
    {
        var attribute = method.GetCustomAttribute<ActivityAttribute>() ?? throw new ArgumentException($"{method} missing Activity attribute");
        return NameFromAttribute(attribute, method) ?? throw new ArgumentException($"{method} cannot be called by its method: it is dynamic");
    }

    private static string? NameFromAttribute(ActivityAttribute attribute, MethodInfo method) =>
        attribute.Dynamic ? null : attribute.Name ?? MethodNames.WithoutAsync(method);
}
