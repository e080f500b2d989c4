using Temporalio.Activities;

namespace Temporalio.Workflows;

public static partial class Workflow
{
    /// <summary>Runs a local activity, named by a call of it, and waits for its end.</summary>
    public static Task<TResult> ExecuteLocalActivityAsync<TResult>(Expression<Func<TResult>> activityCall, LocalActivityOptions options) =>
        ExecuteLocalActivityAsync<TResult>((LambdaExpression)activityCall, options);

    /// <summary>Runs a local activity, named by a call of it, and waits for its end.</summary>
    public static Task ExecuteLocalActivityAsync(Expression<Action> activityCall, LocalActivityOptions options) =>
        ExecuteLocalActivityAsync<ValueTuple>((LambdaExpression)activityCall, options);

    /// <summary>Runs a local activity, named by a call of it, and waits for its end.</summary>
    public static Task<TResult> ExecuteLocalActivityAsync<TActivityInstance, TResult>(Expression<Func<TActivityInstance, TResult>> activityCall, LocalActivityOptions options) =>
        ExecuteLocalActivityAsync<TResult>((LambdaExpression)activityCall, options);

    /// <summary>Runs a local activity, named by a call of it, and waits for its end.</summary>
    public static Task ExecuteLocalActivityAsync<TActivityInstance>(Expression<Action<TActivityInstance>> activityCall, LocalActivityOptions options) =>
        ExecuteLocalActivityAsync<ValueTuple>((LambdaExpression)activityCall, options);

    /// <summary>Runs a local activity, named by a call of it, and waits for its end.</summary>
    public static Task<TResult> ExecuteLocalActivityAsync<TResult>(Expression<Func<Task<TResult>>> activityCall, LocalActivityOptions options) =>
        ExecuteLocalActivityAsync<TResult>((LambdaExpression)activityCall, options);

    /// <summary>Runs a local activity, named by a call of it, and waits for its end.</summary>
    public static Task ExecuteLocalActivityAsync(Expression<Func<Task>> activityCall, LocalActivityOptions options) =>
        ExecuteLocalActivityAsync<ValueTuple>((LambdaExpression)activityCall, options);

    /// <summary>Runs a local activity, named by a call of it, and waits for its end.</summary>
    public static Task<TResult> ExecuteLocalActivityAsync<TActivityInstance, TResult>(Expression<Func<TActivityInstance, Task<TResult>>> activityCall, LocalActivityOptions options) =>
        ExecuteLocalActivityAsync<TResult>((LambdaExpression)activityCall, options);

    /// <summary>Runs a local activity, named by a call of it, and waits for its end.</summary>
    public static Task ExecuteLocalActivityAsync<TActivityInstance>(Expression<Func<TActivityInstance, Task>> activityCall, LocalActivityOptions options) =>
        ExecuteLocalActivityAsync<ValueTuple>((LambdaExpression)activityCall, options);

    /// <summary>Runs a local activity by name and waits for its end.</summary>
    public static Task ExecuteLocalActivityAsync(string activity, IReadOnlyCollection<object?> args, LocalActivityOptions options) =>
        ExecuteLocalActivityAsync<ValueTuple>(activity, args, options);

    /// <summary>Runs a local activity by name and waits for its result.</summary>
    public static Task<TResult> ExecuteLocalActivityAsync<TResult>(string activity, IReadOnlyCollection<object?> args, LocalActivityOptions options) =>
        Context.ExecuteLocalActivityAsync<TResult>(activity, args, options);

    private static Task<TResult> ExecuteLocalActivityAsync<TResult>(LambdaExpression call, LocalActivityOptions options)
    {
        var (method, arguments) = ExpressionUtil.ExtractCall(call);
        return Context.ExecuteLocalActivityAsync<TResult>(ActivityDefinition.NameFromMethodForCall(method), arguments, options);
    }
}
