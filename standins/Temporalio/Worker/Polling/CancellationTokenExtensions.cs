namespace Temporalio.Worker.Polling;

internal static class CancellationTokenExtensions
{
    /// <summary>Completes, without an exception, when the token fires.</summary>
    public static Task WhenCancelledAsync(this CancellationToken token)
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        token.Register(() => source.TrySetResult());
        return source.Task;
    }
}
