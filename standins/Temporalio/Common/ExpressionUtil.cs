namespace Temporalio.Common;

/// <summary>Reads method and arguments out of a lambda that calls one method.</summary>
internal static class ExpressionUtil
{
    public static (MethodInfo Method, object?[] Arguments) ExtractCall(LambdaExpression expression)
    {
        if (expression.Body is not MethodCallExpression call)
        {
            throw new ArgumentException("Expression must be a single method call");
        }

        // A call on an instance must be on the lambda's own parameter: anything else would run code of the caller.
        if (call.Object is not null && call.Object != expression.Parameters.SingleOrDefault())
        {
            throw new ArgumentException("Instance call expression must be on the lambda parameter");
        }

        return (call.Method, [.. call.Arguments.Select(Evaluate)]);
    }

    public static PropertyInfo? ExtractProperty(LambdaExpression expression) =>
        expression.Body is MemberExpression { Member: PropertyInfo property } member && member.Expression == expression.Parameters.SingleOrDefault()
            ? property
            : null;

    private static object? Evaluate(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,
        MemberExpression { Member: FieldInfo field, Expression: ConstantExpression { Value: { } closure } } => field.GetValue(closure),
        _ => Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)(),
    };
}
