using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Temporalio.Workflows;

/// <summary>A workflow type as the worker runs it.</summary>
public class WorkflowDefinition
{
    private static readonly ConcurrentDictionary<MethodInfo, string> CalledNames = new();

    private readonly Func<object?[], object>? creator;

    internal WorkflowDefinition(string? name, Type type, MethodInfo runMethod, Func<object?[], object>? creator, WorkflowHandlers handlers, WorkflowAttribute attribute)
    {
        Name = name;
        Type = type;
        RunMethod = runMethod;
        this.creator = creator;
        Signals = handlers.Signals;
        DynamicSignal = handlers.DynamicSignal;
        Queries = handlers.Queries;
        DynamicQuery = handlers.DynamicQuery;
        Updates = handlers.Updates;
        DynamicUpdate = handlers.DynamicUpdate;
        FailureExceptionTypes = attribute.FailureExceptionTypes;
        VersioningBehavior = attribute.VersioningBehavior;
        InitParameters = creator is null ? null : handlers.InitParameters;
    }

    public string? Name { get; private init; }

    public Type Type { get; private init; }

    public MethodInfo RunMethod { get; private init; }

    public bool Instantiable => creator is not null;

    public IReadOnlyDictionary<string, WorkflowSignalDefinition> Signals { get; private init; }

    public WorkflowSignalDefinition? DynamicSignal { get; private init; }

    public IReadOnlyDictionary<string, WorkflowQueryDefinition> Queries { get; private init; }

    public WorkflowQueryDefinition? DynamicQuery { get; private init; }

    public IReadOnlyDictionary<string, WorkflowUpdateDefinition> Updates { get; private init; }

    public WorkflowUpdateDefinition? DynamicUpdate { get; private init; }

    public bool Dynamic => Name is null;

    public Type[]? FailureExceptionTypes { get; private init; }

    public VersioningBehavior? VersioningBehavior { get; private init; }

    internal IReadOnlyList<Type>? InitParameters { get; }

    public static WorkflowDefinition Create<T>() => Create(typeof(T));

    public static WorkflowDefinition Create(Type type) => Create(type, null, null);

    public static WorkflowDefinition Create(Type type, string? nameOverride, Func<object?[], object>? creatorOverride) =>
        WorkflowDefinitionReader.Read(type, nameOverride, creatorOverride);

    /// <summary>Makes the instance of one run.</summary>
    public object CreateWorkflowInstance(object?[] workflowArguments)
    {
        if (creator is null)
        {
            throw new InvalidOperationException($"Cannot instantiate workflow type {Type}");
        }

        try
        {
            return creator(workflowArguments);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }

    internal static string NameFromRunMethodForCall(MethodInfo method) => CalledNames.GetOrAdd(method, ReadNameForCall);

    private static string ReadNameForCall(MethodInfo method)
    {
        if (method.GetCustomAttribute<WorkflowRunAttribute>() is null)
        {
            throw new ArgumentException($"{method} missing WorkflowRun attribute");
        }

        var type = method.ReflectedType ?? throw new ArgumentException($"{method} has no reflected type");
        return WorkflowDefinitionReader.NameOf(type) ?? throw new ArgumentException($"{type} cannot be called by its type: it is dynamic");
    }
}
