using Temporalio.Activities;

namespace Temporalio.Workflows;

public static partial class Workflow
{
    /// <summary>Runs an activity, named by a call of it, and waits for its end.</summary>
    public static Task<TResult> ExecuteActivityAsync<TResult>(Expression<Func<TResult>> activityCall, ActivityOptions options) =>
        ExecuteActivityAsync<TResult>((LambdaExpression)activityCall, options);

    /// <summary>Runs an activity, named by a call of it, and waits for its end.</summary>
    public static Task ExecuteActivityAsync(Expression<Action> activityCall, ActivityOptions options) =>
        ExecuteActivityAsync<ValueTuple>((LambdaExpression)activityCall, options);

    /// <summary>Runs an activity, named by a call of it, and waits for its end.</summary>
    public static Task<TResult> ExecuteActivityAsync<TActivityInstance, TResult>(Expression<Func<TActivityInstance, TResult>> activityCall, ActivityOptions options) =>
        ExecuteActivityAsync<TResult>((LambdaExpression)activityCall, options);

    /// <summary>Runs an activity, named by a call of it, and waits for its end.</summary>
    public static Task ExecuteActivityAsync<TActivityInstance>(Expression<Action<TActivityInstance>> activityCall, ActivityOptions options) =>
        ExecuteActivityAsync<ValueTuple>((LambdaExpression)activityCall, options);

    /// <summary>Runs an activity, named by a call of it, and waits for its end.</summary>
    public static Task<TResult> ExecuteActivityAsync<TResult>(Expression<Func<Task<TResult>>> activityCall, ActivityOptions options) =>
        ExecuteActivityAsync<TResult>((LambdaExpression)activityCall, options);

    /// <summary>Runs an activity, named by a call of it, and waits for its end.</summary>
    public static Task ExecuteActivityAsync(Expression<Func<Task>> activityCall, ActivityOptions options) =>
        ExecuteActivityAsync<ValueTuple>((LambdaExpression)activityCall, options);

    /// <summary>Runs an activity, named by a call of it, and waits for its end.</summary>
    public static Task<TResult> ExecuteActivityAsync<TActivityInstance, TResult>(Expression<Func<TActivityInstance, Task<TResult>>> activityCall, ActivityOptions options) =>
        ExecuteActivityAsync<TResult>((LambdaExpression)activityCall, options);

    /// <summary>Runs an activity, named by a call of it, and waits for its end.</summary>
    public static Task ExecuteActivityAsync<TActivityInstance>(Expression<Func<TActivityInstance, Task>> activityCall, ActivityOptions options) =>
        ExecuteActivityAsync<ValueTuple>((LambdaExpression)activityCall, options);

    /// <summary>Runs an activity by name and waits for its end.</summary>
    public static Task ExecuteActivityAsync(string activity, IReadOnlyCollection<object?> args, ActivityOptions options) =>
        ExecuteActivityAsync<ValueTuple>(activity, args, options);

    /// <summary>Runs an activity by name and waits for its result.</summary>
    public static Task<TResult> ExecuteActivityAsync<TResult>(string activity, IReadOnlyCollection<object?> args, ActivityOptions options) =>
        Context.ExecuteActivityAsync<TResult>(activity, args, options);

    private static Task<TResult> ExecuteActivityAsync<TResult>(LambdaExpression call, ActivityOptions options)
    {
        var (method, arguments) = ExpressionUtil.ExtractCall(call);
        return Context.ExecuteActivityAsync<TResult>(ActivityDefinition.NameFromMethodForCall(method), arguments, options);
    }
}
