using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;

namespace Temporalio.Extensions.Hosting;

/// <summary>Makes activities whose instances come from a service provider.</summary>
public static class ServiceProviderExtensions
{
    public static IReadOnlyCollection<ActivityDefinition> CreateTemporalActivityDefinitions<T>(this IServiceProvider provider) =>
        provider.CreateTemporalActivityDefinitions(typeof(T));

    public static IReadOnlyCollection<ActivityDefinition> CreateTemporalActivityDefinitions(this IServiceProvider provider, Type type)
    {
        var methods = type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance)
            .Where(method => method.GetCustomAttribute<ActivityAttribute>(false) is not null)
            .ToList();
        return methods.Count == 0
            ? throw new ArgumentException($"No activities found on {type}", nameof(type))
            : [.. methods.Select(method => provider.CreateTemporalActivityDefinition(type, method))];
    }

    public static ActivityDefinition CreateTemporalActivityDefinition(this IServiceProvider provider, Type instanceType, MethodInfo method) =>
        ActivityDefinition.Create(method, arguments => InvokeAsync(provider, instanceType, method, arguments));

    // The scope must live as long as the activity's task, so the task is awaited inside it.
    private static async Task<object?> InvokeAsync(IServiceProvider provider, Type instanceType, MethodInfo method, object?[] arguments)
    {
        await using var scope = provider.CreateAsyncScope();
        var instance = method.IsStatic ? null : scope.ServiceProvider.GetRequiredService(instanceType);
        object? result;
        try
        {
            result = method.Invoke(instance, arguments);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }

        return result is Task task ? await TaskResult.AwaitAsync(task).ConfigureAwait(false) : result;
    }
}

file static class TaskResult
{
    public static Task<object?> AwaitAsync(Task task) => Common.TaskValue.AwaitAsync(task);
}
