namespace Grpc.Net.Client.Internal;

/// <summary>Keeps tasks that a caller need not await from surfacing as unobserved.</summary>
internal static class Unobserved
{
    public static Task<T> Watch<T>(Task<T> task)
    {
        _ = task.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;
    }
}
