namespace Temporalio.Workflows;

internal static class HandlerMethods
{
    public static void RequireTask(MethodInfo method, string kind)
    {
        if (!typeof(Task).IsAssignableFrom(method.ReturnType))
        {
            throw new ArgumentException($"{kind} method {method} must return Task");
        }
    }
}
