namespace Temporalio.Common;

/// <summary>Takes results out of tasks whose type is not known at compile time.</summary>
internal static class TaskValue
{
    public static async Task<object?> AwaitAsync(Task task, bool continueOnCapturedContext = false)
    {
        await task.ConfigureAwait(continueOnCapturedContext);
        return Get(task);
    }

    /// <summary>The type T of a Task of T; null for a plain task.</summary>
    public static Type? TypeOf(Type type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.IsGenericType && current.GetGenericTypeDefinition() == typeof(Task<>))
            {
                return current.GetGenericArguments()[0];
            }
        }

        return null;
    }

    private static object? Get(Task task)
    {
        var valueType = TypeOf(task.GetType());

        // A plain async method gives a Task of an internal type that stands for nothing.
        return valueType is null || valueType.Name == "VoidTaskResult"
            ? null
            : typeof(Task<>).MakeGenericType(valueType).GetProperty("Result")!.GetValue(task);
    }
}
