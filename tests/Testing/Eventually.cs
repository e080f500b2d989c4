namespace Mainstay.Testing;

/// <summary>Waits for what comes about on its own.</summary>
public static class Eventually
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns once a condition holds; fails when it does not within two minutes, which a busy machine may need.</summary>
    public static Task TrueAsync(Func<bool> condition, CancellationToken cancellationToken) =>
        TrueAsync(() => Task.FromResult(condition()), cancellationToken);

    /// <summary>Returns once a condition holds; fails when it does not within two minutes, which a busy machine may need.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Longest);
        using var timer = new PeriodicTimer(Interval);
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(timeout.Token);
        }
    }
}
